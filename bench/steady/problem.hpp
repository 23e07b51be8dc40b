// SPDX-License-Identifier: MIT
// Nothing happens: the same load for a minute. How often does the plan change once it has settled? A run has so many seconds as its load says
// (`--events` for a shorter one), and five before them.
#pragma once

#include "support/problem.hpp"

namespace bench::steady {

inline constexpr topology topic{.name = "steady",
                                .title = "changes of the plan at a constant load for a minute, and in the five seconds before",
                                .order = 18,
                                .events = 60,
                                .few = 1,
                                .quantities = {{{"changes", "a run", false, false}, {"changes before it has settled", "a run", false, false}, {"throughput", "M events/s", true, false}}},
                                .by_name = true};

}  // namespace bench::steady
