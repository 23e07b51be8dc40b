// SPDX-License-Identifier: MIT
// Forty stages on two workers, as much as they can do, while other programs take from the two processors: a process that never rests runs on
// the second one, and then that is taken away altogether, while events flow. Does a runner that finds its plan by itself do as much as
// with the best plan under the same pressure, and how soon does its plan change?
#pragma once

#include "support/problem.hpp"

namespace bench::pressed {

inline constexpr topology topic{.name = "pressed",
                                .title = "forty stages on two processors, of which others take a part",
                                .order = 8,
                                .events = 3000,  // ms of each phase
                                .few = 40,
                                .quantities = {{{"throughput", "k/s", true}, {"in the last half", "k/s", true}, {"first change", "ms", false, false}}},
                                .by_name = true};

inline constexpr std::size_t stages = 40;
/// 60 to 100 ns, 3.2 us in all.
constexpr auto cost_ns(std::size_t stage) -> double { return 60 + 10 * static_cast<double>(stage % 5); }

}  // namespace bench::pressed
