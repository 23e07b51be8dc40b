// SPDX-License-Identifier: MIT
// expect: round
// expect: change the type of the parameter of the handler
// expect gcc: stage round gets fill&, takes order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::change<"round">([](WRONG(order) RIGHT(fill)&) {});
