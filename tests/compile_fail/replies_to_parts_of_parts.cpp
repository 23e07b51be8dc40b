// SPDX-License-Identifier: MIT
// expect: legs
// expect: a reply is one value for one event
// expect gcc: stage legs:
#include <vector>

#include "cases.hpp"

auto legs_of(order const& o) -> std::vector<int> { return {o.symbol, o.quantity}; }
[[maybe_unused]] auto p = mr::from<order>(mr::many_producers, mr::replies) | WRONG(mr::expand)RIGHT(mr::map)<"legs">(legs_of);
