// SPDX-License-Identifier: MIT
// The load of examples/elastic: nothing, a quarter of what one worker can do, all of it, three times as much, a quarter, nothing. Does a
// runner that finds its plan by itself do as much in each phase, and for as little processor time, as with the best plan of each?
#pragma once

#include <array>
#include <cstdint>

#include "support/problem.hpp"

namespace bench::elastic_trace {

inline constexpr topology topic{.name = "elastic_trace",
                                .title = "a load that goes through its steps, five stages of together 5 us",
                                .order = 8,
                                .events = 1000,  // ms that a second of examples/elastic takes
                                .few = 8,
                                .quantities = {{{"events done", "k/s", true}, {"processor time", "% of a core"}, {"changes of plan", "", false, false}}},
                                .by_name = true};

struct phase {
  char const* name;
  double load;  // 1: as much as one worker can do
  double seconds;
};
inline constexpr std::array<phase, 6> trace{{{"nothing", 0, 2}, {"a quarter", 0.25, 4}, {"all of one worker", 1, 6}, {"three times that", 3, 6}, {"a quarter again", 0.25, 4}, {"nothing again", 0, 4}}};
inline constexpr std::array<double, 5> costs_us{0.4, 1.2, 0.6, 2.0, 0.8};
inline constexpr double all_us = 5;

}  // namespace bench::elastic_trace
