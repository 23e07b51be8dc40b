// SPDX-License-Identifier: MIT
// A stage on two workers with the LMAX Disruptor itself: two processors that take every other event, and a fold behind both. Four threads.
#include "support/lmax_java.hpp"
#include "ordered_parallel/problem.hpp"

namespace bench::ordered_parallel {
namespace {

auto in_turns(cost const& c) -> entry {
  return {.where = &topic,
          .job = c.job,
          .contender = java::contender,
          .variant = "yielding, two processors in turns",
          .run =
              [ns = c.ns](load const& l) {
                auto const a = java::ask(topic.name, "yielding", 1, l, 1, links_for(ns));
                java::expect_results(a, {expected(l.events)});
                return java::throughput(a, l.events);
              },
          .part = role::lmax,
          .share = c.share / 2,
          .in_smoke = c.ns < 1000};
}

java::enter_if_there const entered{{in_turns(costs[0]), in_turns(costs[1]), in_turns(costs[2])}};

}  // namespace
}  // namespace bench::ordered_parallel
