// SPDX-License-Identifier: MIT
// Eight stages with oneTBB, in place: a filter or node for each, the source counted.
#include "chain8/problem.hpp"
#include "support/check.hpp"
#include "support/tbb.hpp"

namespace bench::chain8 {
namespace {

template <typename Run>
auto checked(load const& l, Run run) -> measured {
  change<1> first;
  change<2> second;
  change<3> third;
  change<4> fourth;
  change<5> fifth;
  change<6> sixth;
  fold last;
  auto const result = run(first, second, third, fourth, fifth, sixth, last);
  expect_equal("chain8, oneTBB", last.folded, expected(l.events));
  return result;
}

auto pipeline(std::size_t at_once) {
  return [at_once](load const& l) {
    return checked(l, [&](auto&... stages) { return onetbb::chain<event>(l.events, at_once, fill, stages...); });
  };
}
template <typename Policy>
auto graph(load const& l) -> measured {
  return checked(l, [&](auto&... stages) { return onetbb::graph_chain<Policy, event>(l.events, fill, stages...); });
}

auto with(std::int64_t batch, char const* variant, double share, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "oneTBB", .variant = variant, .run = std::move(how), .style = in_place, .share = share};
}

enter const entered{{with(1, "parallel_pipeline, one event a token", 0.02, pipeline(1)),
                     with(1, "flow graph", 0.005, graph<onetbb::flow::queueing>),
                     with(1, "flow graph, lightweight", 0.01, graph<onetbb::flow::lightweight>),
                     with(10, "parallel_pipeline, 10 events a token", 0.1, pipeline(10)),
                     with(1024, "parallel_pipeline, 1024 events a token", 0.3, pipeline(1024))}};

}  // namespace
}  // namespace bench::chain8
