// SPDX-License-Identifier: MIT
// A round trip between two cores: thread 0 sends a number, thread 1 sends it back. Rings of 1024. Every round trip is
// timed; the stamp costs about ten nanoseconds of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/check.hpp"
#include "support/clock.hpp"
#include "support/problem.hpp"

namespace bench::ping_pong {

inline constexpr topology topic{.name = "ping_pong",
                                .title = "a round trip between two cores",
                                .order = 5,
                                .events = 300'000,
                                .few = 2'000,
                                .scales = false,
                                .quantities = {{{"p50", "ns"}, {"p99", "ns"}, {"p99.9", "ns"}}}};

inline constexpr std::int64_t capacity = 1024;
inline constexpr char const* job = "round trip";

struct message {
  std::int64_t number;
};

inline auto warm_up(load const& l) noexcept -> std::int64_t { return l.events / 10; }
inline auto trips(load const& l) noexcept -> std::int64_t { return warm_up(l) + l.events; }

/// Called by the pinging thread. `there_and_back(i)` sends i and returns what came back, for i = 1, 2, ... trips(l).
template <typename Trip>
auto timed_trips(load const& l, char const* contender, Trip&& there_and_back) -> measured {
  std::vector<std::uint64_t> took;
  took.reserve(static_cast<std::size_t>(l.events));
  stopwatch watch;
  for (std::int64_t i = 1; i <= trips(l); ++i) {
    if (i == warm_up(l) + 1) watch.start();
    auto const begin = ticks();
    auto const back = there_and_back(i);
    auto const end = ticks();
    if (i > warm_up(l)) took.push_back(end - begin);
    if (back != i) expect_equal(contender, back, i);
  }
  watch.stop();
  std::sort(took.begin(), took.end());
  auto const at = [&](double share) {
    return static_cast<double>(took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))]) *
           ns_per_tick();
  };
  return {.values = {at(0.5), at(0.99), at(0.999)},
          .cpu_ns_per_event = watch.cpu() * 1e9 / static_cast<double>(l.events)};
}

}  // namespace bench::ping_pong
