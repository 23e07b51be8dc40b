// SPDX-License-Identifier: MIT
// Three stages with oneTBB, in place: a filter or node for each. Its pipelines have sources instead of producers.
#include "chain3/problem.hpp"
#include "support/check.hpp"
#include "support/tbb.hpp"

namespace bench::chain3 {
namespace {

auto pipeline(std::size_t at_once) {
  return [at_once](load const& l) {
    add first;
    add_three second;
    count_fours last;
    auto const result = onetbb::chain<event>(l.events, at_once, fill, first, second, last);
    expect_equal("chain3, oneTBB", last.count, expected(l.events));
    return result;
  };
}
template <typename Policy>
auto graph(load const& l) -> measured {
  add first;
  add_three second;
  count_fours last;
  auto const result = onetbb::graph_chain<Policy, event>(l.events, fill, first, second, last);
  expect_equal("chain3, oneTBB", last.count, expected(l.events));
  return result;
}

auto with(std::int64_t batch, char const* variant, double share, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "oneTBB", .variant = variant, .run = std::move(how), .style = in_place, .share = share};
}

enter const entered{{with(1, "parallel_pipeline, one event a token", 0.02, pipeline(1)),
                     with(1, "flow graph", 0.01, graph<onetbb::flow::queueing>),
                     with(1, "flow graph, lightweight", 0.02, graph<onetbb::flow::lightweight>),
                     with(10, "parallel_pipeline, 10 events a token", 0.1, pipeline(10)),
                     with(1024, "parallel_pipeline, 1024 events a token", 0.5, pipeline(1024))}};

}  // namespace
}  // namespace bench::chain3
