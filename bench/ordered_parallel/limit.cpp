// SPDX-License-Identifier: MIT
// By hand: one loop on one processor; and two loops on two, each with half of the events, which keep no order.
#include "ordered_parallel/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::ordered_parallel {
namespace {

auto in_one(double ns) {
  return [ns](load const& l) {
    fold last;
    work const stage{links_for(ns)};
    auto const result = one_loop(l.events, [&] {
      source from{.end = l.events};
      fold to;
      while (auto e = from()) to(stage(*e));
      last = to;
    });
    expect_equal("ordered_parallel, one loop", static_cast<std::int64_t>(last.folded), expected(l.events));
    return result;
  };
}

auto in_two(double ns) {
  return [ns](load const& l) {
    work const stage{links_for(ns)};
    return two_loops(l.events, [&](std::size_t i) {
      fold to;
      for (auto n = static_cast<std::int64_t>(i); n < l.events; n += 2) to(stage(event{n}));
      static_cast<void>(opaque(to.folded));
    });
  };
}

auto by_hand(cost const& c, char const* variant, std::function<measured(load const&)> how, role part) -> entry {
  return {.where = &topic, .job = c.job, .contender = "hand-written", .variant = variant, .run = std::move(how), .part = part, .share = c.share};
}
auto both(cost const& c) -> std::vector<entry> {
  return {by_hand(c, "one loop, one processor", in_one(c.ns), role::limit), by_hand(c, "two loops, no order", in_two(c.ns), role::contender)};
}
enter const entered[]{enter{both(costs[0])}, enter{both(costs[1])}, enter{both(costs[2])}};

}  // namespace
}  // namespace bench::ordered_parallel
