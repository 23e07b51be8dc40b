// SPDX-License-Identifier: MIT
// Three consumers as a oneTBB flow graph. What joins them only says when all three are through with an event.
#include <tuple>

#include "multicast/problem.hpp"
#include "support/tbb.hpp"

namespace bench::multicast {
namespace {

template <typename Policy>
auto graph(load const& l) -> measured {
  using namespace onetbb;
  outcome all;
  auto const result = on_two(l.events, [&] {
    flow::graph g;
    events_of<event> from{g, l.events, fill};
    node<event, Policy> first{g, all.add}, second{g, all.subtract}, third{g, all.both};
    using pointer = message<event>*;
    using three = std::tuple<pointer, pointer, pointer>;
    auto const number = [](pointer m) { return m->event.value; };
    flow::join_node<three, flow::key_matching<std::int64_t>> through{g, number, number, number};
    flow::function_node<three, pointer, flow::lightweight> one{g, flow::unlimited, [](three const& t) { return std::get<0>(t); }};
    flow::make_edge(from.out, first);
    flow::make_edge(from.out, second);
    flow::make_edge(from.out, third);
    flow::make_edge(first, flow::input_port<0>(through));
    flow::make_edge(second, flow::input_port<1>(through));
    flow::make_edge(third, flow::input_port<2>(through));
    flow::make_edge(through, one);
    flow::make_edge(one, from.end);
    from.run(g);
  });
  all.check("multicast, oneTBB", l.events);
  return result;
}

auto with(char const* variant, measured (*run)(load const&)) -> entry {
  return {.where = &topic, .job = job(1), .contender = "oneTBB", .variant = variant, .run = run, .share = 0.01};
}
enter const entered{{with("flow graph", graph<onetbb::flow::queueing>), with("flow graph, lightweight", graph<onetbb::flow::lightweight>)}};

}  // namespace
}  // namespace bench::multicast
