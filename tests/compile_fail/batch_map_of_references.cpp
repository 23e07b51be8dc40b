// SPDX-License-Identifier: MIT
// expect: price
// expect: return by value, or a pointer
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() |
         mr::map<"price">([](mr::batch<order const>, mr::results<WRONG(order const&) RIGHT(order const*)>&) {}, mr::in_batches);
