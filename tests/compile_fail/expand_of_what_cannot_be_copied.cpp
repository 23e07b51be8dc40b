// SPDX-License-Identifier: MIT
// expect: legs
// expect: elements are copied into the next ring
#include "cases.hpp"

#include <vector>

inline auto owners(order const&) -> std::vector<WRONG(owner) RIGHT(fill)> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">(owners) | mr::tap<"log">([](auto const&) {});
