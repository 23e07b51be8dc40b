// SPDX-License-Identifier: MIT
// expect: price
// expect: whose type is spelled out, mr::results<R>&
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() |
         mr::map<"price">([](mr::batch<order const> orders, WRONG(auto) RIGHT(mr::results<int>)& made) { for (auto const& o : orders) made(o.quantity); },
                          mr::in_batches);
