// SPDX-License-Identifier: MIT
// expect: see
// expect: change the type of the parameter of the handler
// expect gcc: stage see gets const order&, takes at, const order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">([](WRONG(mr::at) RIGHT(order const&), WRONG(order const&) RIGHT(mr::at)) {});
