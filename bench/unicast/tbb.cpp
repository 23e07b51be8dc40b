// SPDX-License-Identifier: MIT
// Unicast with oneTBB: a source and one more filter or node. Its pipelines have sources instead of producers.
#include "support/check.hpp"
#include "support/tbb.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {
namespace {

auto pipeline(std::size_t at_once) {
  return [at_once](load const& l) {
    add_up consumer;
    auto const result = onetbb::chain<event>(l.events, at_once, fill, consumer);
    expect_equal("unicast, oneTBB", consumer.sum, expected(l.events));
    return result;
  };
}
template <typename Policy>
auto graph(load const& l) -> measured {
  add_up consumer;
  auto const result = onetbb::graph_chain<Policy, event>(l.events, fill, consumer);
  expect_equal("unicast, oneTBB", consumer.sum, expected(l.events));
  return result;
}

auto with(std::int64_t batch, char const* variant, double share, std::function<measured(load const&)> how) -> entry {
  return {.where = &topic, .job = job(batch), .contender = "oneTBB", .variant = variant, .run = std::move(how), .share = share};
}

enter const entered{{with(1, "parallel_pipeline, one event a token", 0.02, pipeline(1)), with(1, "flow graph, lightweight", 0.01, graph<onetbb::flow::lightweight>),
                     with(10, "parallel_pipeline, 10 events a token", 0.1, pipeline(10)),
                     with(1024, "parallel_pipeline, 1024 events a token", 0.5, pipeline(1024))}};

}  // namespace
}  // namespace bench::unicast
