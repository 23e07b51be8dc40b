// SPDX-License-Identifier: MIT
// The keyed stage of ../keyed is dealt anew while events flow: one worker to two and back, a lane from one to the other, all lanes
// exchanged. How long from the call until every worker has the lanes that it gains and goes on with its events, of those lanes or, if
// they are further than its others, of those; and how long events take that are in flight while that happens.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "keyed/problem.hpp"
#include "plan_change/problem.hpp"
#include "support/clock.hpp"
#include "support/millrace.hpp"
#include "support/problem.hpp"

namespace bench::resharding {

inline constexpr topology settling{.name = "resharding",
                                   .title = "lanes of a keyed stage dealt anew while events flow",
                                   .order = 9,
                                   .events = 1000,  // changes
                                   .few = 20,
                                   .scales = false,
                                   .quantities = {{{"settled, median", "us"}, {"settled, 99 %", "us"}}}};
inline constexpr topology latency{.name = "resharding_latency",
                                  .title = "events in flight while lanes of a keyed stage are dealt anew, from when they were due",
                                  .order = 10,
                                  .events = 1000,  // bursts at which something is changed, or not
                                  .few = 20,
                                  .scales = false,
                                  .quantities = {{{"latency, median", "us"}, {"latency, 95 %", "us"}, {"latency, 99.9 %", "us"}}}};

/// A source or what a producer brings, the stage that deals, the stage itself, and what follows.
using lanes_of_the_first = std::uint64_t;
struct shape {
  char const* job;
  std::array<lanes_of_the_first, 2> plans;  // the second worker has the others
};
/// The second worker, which has nothing else, has a few lanes more.
inline constexpr std::uint64_t most_of_28 = (std::uint64_t{1} << 28) - 1, one_less = most_of_28 >> 1;
inline constexpr shape shapes[] = {{"one worker, two", {~std::uint64_t{0}, most_of_28}}, {"one lane moves", {most_of_28, one_less}}, {"all lanes exchanged", {0xFFFFFFFF, ~std::uint64_t{0xFFFFFFFF}}}};

struct price {
  char const* name;
  double ns;
};
inline constexpr price prices[] = {{"a counter", 0}, {"and 0.5 us", 500}};

/// The first worker has all but the other lanes of the stage that is shared, which is the last but one.
inline auto plan_of(lanes_of_the_first mine, std::size_t stages) -> mr::plan {
  mr::plan p{2, stages};
  for (std::size_t s = 0; s < stages; ++s)
    if (s != stages - 2) p.give(0, s, 1);
  p.give(0, stages - 2, mine), p.give(1, stages - 2, ~mine);
  return p;
}

/// Hears when each worker has the lanes that a change gives it. Every handler asks, so that it is known as soon as the worker goes on.
class observer {
 public:
  explicit observer(std::array<lanes_of_the_first, 2> plans) : plans_{plans} {}

  /// The lanes of the stage that a worker holds. Called on that worker.
  std::function<mr::lane_mask(std::size_t)> held_by;

  /// Called by whoever posts plans, right before he posts plan k. The one before has settled.
  void announce(std::size_t k) noexcept {
    auto const mine = plans_[k], before = plans_[1 - k];
    gained_ = {mine & ~before, before & ~mine};
    waiting_for_.store((gained_[0] != 0 ? 1 : 0) + (gained_[1] != 0 ? 1 : 0), std::memory_order::relaxed);
    posted_at_ = ticks();
    posted_.store(posted_.load(std::memory_order::relaxed) + 1, std::memory_order::release);  // pairs with the acquire in here()
  }
  /// Called by the same. All have come; how long it took.
  auto settled(std::uint64_t& took) const noexcept -> bool {
    if (waiting_for_.load(std::memory_order::acquire) != 0) return false;  // pairs with the fetch_sub in look()
    auto const last = std::max(gained_[0] != 0 ? seen_[0].at : 0, gained_[1] != 0 ? seen_[1].at : 0);
    took = last - posted_at_;
    return true;
  }
  /// Called by every handler, for each event.
  void here() noexcept {
    auto const me = static_cast<std::size_t>(plan_change::here());
    if (auto const change = posted_.load(std::memory_order::acquire); change != seen_[me].change) [[unlikely]] look(me, change);  // pairs with announce()
  }

 private:
  void look(std::size_t me, std::int64_t change) noexcept {
    if ((gained_[me] & ~held_by(me)) != 0) return;
    seen_[me].change = change;
    if (gained_[me] == 0) return;
    seen_[me].at = ticks();
    waiting_for_.fetch_sub(1, std::memory_order::acq_rel);  // pairs with the acquire in settled()
  }

  std::array<lanes_of_the_first, 2> plans_;
  std::array<mr::lane_mask, 2> gained_{};
  std::uint64_t posted_at_ = 0;
  struct alignas(line) per_worker {
    std::int64_t change = 0;
    std::uint64_t at = 0;
  };
  std::array<per_worker, 2> seen_{};
  alignas(line) std::atomic<std::int64_t> posted_{0};
  alignas(line) std::atomic<int> waiting_for_{0};
};

}  // namespace bench::resharding
