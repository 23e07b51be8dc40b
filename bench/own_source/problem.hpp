// SPDX-License-Identifier: MIT
// A pipeline that makes its own events: the stages of chain3 and chain8 behind a source that is asked for the next
// event until it has none. Nothing needs to leave the core; the limit is the loop that one would write.
#pragma once

#include "chain3/problem.hpp"
#include "chain8/problem.hpp"
#include "support/problem.hpp"
#include "support/source.hpp"

namespace bench::own_source {

inline constexpr topology topic{.name = "own_source",
                                .title = "a source of its own and three stages, and eight stages in all",
                                .order = 4,
                                .events = 100'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr char const* three = "3 stages";
inline constexpr char const* eight = "8 stages";

/// The events of chain3.
using source3 = filled_source<chain3::event, chain3::fill>;

/// The events of chain8, of which this is the first stage.
using source8 = filled_source<chain8::event, chain8::fill>;

}  // namespace bench::own_source
