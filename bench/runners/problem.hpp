// SPDX-License-Identifier: MIT
// Two pipelines in a row: the first makes the events of chain3 and adds, what comes out of it goes into the second, which adds and counts.
// By hand: two loops on two processors, a ring before each, and a copy from one into the other.
#pragma once

#include "chain3/problem.hpp"
#include "support/problem.hpp"
#include "support/source.hpp"

namespace bench::runners {

inline constexpr topology topic{.name = "runners",
                                .title = "a source and a stage, and two stages behind, in another pipeline",
                                .order = 15,
                                .events = 30'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr char const* job = "3 stages";
inline constexpr std::int64_t capacity = chain3::capacity;

using event = chain3::event;
using source = filled_source<event, chain3::fill>;

}  // namespace bench::runners
