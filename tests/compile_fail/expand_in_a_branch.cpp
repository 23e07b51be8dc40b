// SPDX-License-Identifier: MIT
// expect: an expand opens a ring and cannot stand in a branch
#include "cases.hpp"

#include <vector>

inline auto legs(order const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"see">(see)WRONG(, mr::expand<"legs">(legs))) | RIGHT(mr::expand<"legs">(legs) |) mr::tap<"log">([](auto const&) {});
