// SPDX-License-Identifier: MIT
// By hand: one loop and one table.
#include <unordered_map>

#include "keyed/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::keyed {
namespace {

auto in_one(double ns) {
  return [ns](load const& l) {
    fold last;
    work<std::unordered_map<std::int64_t, std::int64_t>> stage{links_of(ns)};
    static_cast<void>(keys());
    auto const result = one_loop(l.events, [&] {
      source from{.end = l.events};
      while (auto e = from()) last(stage(*e));
    });
    expect_equal("keyed, one loop", static_cast<std::int64_t>(last.folded), expected(l.events));
    return result;
  };
}

auto by_hand(cost const& c) -> entry {
  return {.where = &topic, .job = c.job, .contender = "hand-written", .variant = "one loop, one table", .run = in_one(c.ns), .part = role::limit};
}
enter const entered{{by_hand(costs[0]), by_hand(costs[1]), by_hand(costs[2])}};

}  // namespace
}  // namespace bench::keyed
