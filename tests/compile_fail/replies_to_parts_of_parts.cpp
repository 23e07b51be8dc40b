// SPDX-License-Identifier: MIT
// expect: bits
// expect: a reply waits for the parts of one expand
// expect gcc: stage bits:
#include <vector>

#include "cases.hpp"

auto legs_of(order const& o) -> std::vector<int> { return {o.symbol, o.quantity}; }
auto bits_of(int const& leg) -> std::vector<int> { return {leg, leg}; }
[[maybe_unused]] auto p = mr::from<order>(mr::many_producers, mr::replies) | mr::expand<"legs">(legs_of) | WRONG(mr::expand)RIGHT(mr::map)<"bits">(bits_of);
