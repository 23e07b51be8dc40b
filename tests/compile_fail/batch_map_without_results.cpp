// SPDX-License-Identifier: MIT
// expect: price
// expect: mr::results<R>&; take it
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() |
         mr::map<"price">([](mr::batch<order const> orders RIGHT(, mr::results<int>& made)) { for (auto const& o : orders) WRONG((void)o) RIGHT(made(o.quantity)); },
                          mr::in_batches);
