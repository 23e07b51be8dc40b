// SPDX-License-Identifier: MIT
// Round trips through a node of a oneTBB flow graph, and a flag back. The library's worker sleeps between messages.
#include <thread>

#include "ping_pong/flag.hpp"
#include "ping_pong/problem.hpp"
#include "support/pin.hpp"
#include "support/tbb.hpp"

namespace bench::ping_pong {
namespace {

auto through_a_node(load const& l) -> measured {
  using namespace onetbb;
  measured result;
  on_two(l.events, [&] {
    flow::graph g;
    flagged back;
    flow::function_node<std::int64_t, flow::continue_msg> reply{g, flow::serial, [&](std::int64_t number) {
                                                                  back.send(number);
                                                                  return flow::continue_msg{};
                                                                }};
    std::thread{[&] {
      pin(0);
      result = timed_trips(l, "ping_pong, oneTBB", [&](std::int64_t i) {
        reply.try_put(i);
        return back.receive(i);
      });
    }}.join();
    g.wait_for_all();
  });
  return result;
}

enter const entered{{{.where = &topic, .job = job, .contender = "oneTBB", .variant = "flow graph's node there, flag back", .run = through_a_node, .share = 0.1}}};

}  // namespace
}  // namespace bench::ping_pong
