// SPDX-License-Identifier: MIT
// The diamond as a oneTBB flow graph: two nodes beside each other, joined by the number, because nodes keep no order.
#include <tuple>

#include "diamond/problem.hpp"
#include "support/check.hpp"
#include "support/tbb.hpp"

namespace bench::diamond {
namespace {

template <typename Policy>
auto graph(load const& l) -> measured {
  using namespace onetbb;
  count_both last;
  auto const result = on_two(l.events, [&] {
    flow::graph g;
    events_of<event> from{g, l.events, fill};
    set_fizz fizz;
    set_buzz buzz;
    node<event, Policy> first{g, fizz}, second{g, buzz};
    using pointer = message<event>*;
    using pair = std::tuple<pointer, pointer>;
    auto const number = [](pointer m) { return m->event.value; };
    flow::join_node<pair, flow::key_matching<std::int64_t>> both{g, number, number};
    flow::function_node<pair, pointer, Policy> counting{g, flow::serial, [&](pair const& p) {
                                                          last(std::get<0>(p)->event);
                                                          return std::get<0>(p);
                                                        }};
    flow::make_edge(from.out, first);
    flow::make_edge(from.out, second);
    flow::make_edge(first, flow::input_port<0>(both));
    flow::make_edge(second, flow::input_port<1>(both));
    flow::make_edge(both, counting);
    flow::make_edge(counting, from.end);
    from.run(g);
  });
  expect_equal("diamond, oneTBB", last.count, expected(l.events));
  return result;
}

auto with(char const* variant, measured (*run)(load const&)) -> entry {
  return {.where = &topic, .job = job(1), .contender = "oneTBB", .variant = variant, .run = run, .style = in_place, .share = 0.01};
}
enter const entered{{with("flow graph", graph<onetbb::flow::queueing>), with("flow graph, lightweight", graph<onetbb::flow::lightweight>)}};

}  // namespace
}  // namespace bench::diamond
