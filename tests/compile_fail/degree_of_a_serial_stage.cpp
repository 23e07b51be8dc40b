// SPDX-License-Identifier: MIT
// expect: see
// expect: one worker at a time can run it; add mr::keyed_by or mr::stateless, or remove mr::degree
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">([](order const&) {}, mr::degree<2, 4> RIGHT(, mr::stateless));
