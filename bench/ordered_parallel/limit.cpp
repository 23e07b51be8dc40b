// SPDX-License-Identifier: MIT
// By hand: one loop on one processor; and two loops on two, each with half of the events, which keep no order.
#include <array>
#include <thread>

#include "ordered_parallel/problem.hpp"
#include "support/check.hpp"
#include "support/pin.hpp"
#include "support/start_line.hpp"

namespace bench::ordered_parallel {
namespace {

auto one_loop(double ns) {
  return [ns](load const& l) {
    fold last;
    work const stage{links_for(ns)};
    stopwatch watch;
    std::thread{[&] {
      pin(1);
      watch.start();
      source from{.end = l.events};
      fold to;
      while (auto e = from()) to(stage(*e));
      watch.stop();
      last = to;
    }}.join();
    expect_equal("ordered_parallel, one loop", static_cast<std::int64_t>(last.folded), expected(l.events));
    return throughput(watch, l.events);
  };
}

auto two_loops(double ns) {
  return [ns](load const& l) {
    work const stage{links_for(ns)};
    start_line ready{2};
    stopwatch watch;
    std::array<std::thread, 2> both;
    for (std::size_t i = 0; i < 2; ++i)
      both[i] = std::thread{[&, i] {
        pin(i);
        fold to;
        ready.wait();
        if (i == 0) watch.start();
        for (auto n = static_cast<std::int64_t>(i); n < l.events; n += 2) to(stage(event{n}));
        static_cast<void>(opaque(to.folded));
      }};
    for (auto& t : both) t.join();
    watch.stop();
    return throughput(watch, l.events);
  };
}

auto by_hand(cost const& c, char const* variant, std::function<measured(load const&)> how, role part) -> entry {
  return {.where = &topic, .job = c.job, .contender = "hand-written", .variant = variant, .run = std::move(how), .part = part, .share = c.share};
}
auto both(cost const& c) -> std::vector<entry> {
  return {by_hand(c, "one loop, one processor", one_loop(c.ns), role::limit), by_hand(c, "two loops, no order", two_loops(c.ns), role::contender)};
}
enter const entered[]{enter{both(costs[0])}, enter{both(costs[1])}, enter{both(costs[2])}};

}  // namespace
}  // namespace bench::ordered_parallel
