// SPDX-License-Identifier: MIT
// Round trips with the LMAX Disruptor itself; each is stamped by System.nanoTime, which costs about 25 ns.
#include "support/lmax_java.hpp"
#include "ping_pong/problem.hpp"

namespace bench::ping_pong {
namespace {

auto two_rings(char const* wait, role part) -> entry {
  return {.where = &topic,
          .job = job,
          .contender = java::contender,
          .variant = wait,
          .run =
              [wait](load const& l) -> measured {
                auto const a = java::ask(topic.name, wait, 1, l, 3);
                java::expect_results(a, {trips(l)});
                return {.values = {a.times[0], a.times[1], a.times[2]}, .cpu_ns_per_event = a.cpu_ns / static_cast<double>(l.events)};
              },
          .part = part,
          .in_smoke = part == role::lmax};
}

java::enter_if_there const entered{{two_rings("busy-spin", role::lmax), two_rings("yielding", role::contender)}};

}  // namespace
}  // namespace bench::ping_pong
