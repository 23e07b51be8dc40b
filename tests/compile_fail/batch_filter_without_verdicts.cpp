// SPDX-License-Identifier: MIT
// expect: big
// expect: a last parameter mr::verdicts&, one for each event; take it
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() |
         mr::filter<"big">([](mr::batch<order const> orders RIGHT(, mr::verdicts& answer)) { for (auto const& o : orders) WRONG((void)o) RIGHT(answer(is_big(o))); },
                           mr::in_batches);
