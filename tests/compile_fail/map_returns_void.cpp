// SPDX-License-Identifier: MIT
// expect: see
// expect: a map makes a result; return it, or write mr::tap to look
// expect gcc: stage see, returns void:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(map) RIGHT(tap)<"see">(see);
