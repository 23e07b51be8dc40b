// SPDX-License-Identifier: MIT
// The stage as a pool of two workers, of which the first also has the source and the fold; with lanes dealt out beforehand; fused on one.
#include "ordered_parallel/problem.hpp"
#include "support/millrace.hpp"

namespace bench::ordered_parallel {
namespace {

constexpr char const* name = "ordered_parallel, millrace";

auto with_source(double ns, mr::grouping const& plan, std::size_t first) {
  return [ns, plan, first](load const& l) {
    fold seen;
    auto crew = first == 0 ? two_workers(0) : one_worker();
    mr::runner run{mr::generate(source{.end = l.events}) | mr::map<"work">(work{links_for(ns)}, mr::stateless) | mr::tap<"fold">(reporting<fold>{{}, &seen}), crew,
                   {.capacity = capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    expect_equal(name, static_cast<std::int64_t>(seen.folded), expected(l.events));
    return result;
  };
}

auto with_producer(double ns) {
  return [ns](load const& l) {
    fold seen;
    auto crew = two_workers(0);
    mr::runner run{mr::from<event>() | mr::map<"work">(work{links_for(ns)}, mr::stateless) | mr::tap<"fold">(reporting<fold>{{}, &seen}), crew,
                   {.capacity = capacity, .plan = mr::groups{{"work", "fold"}, {"work"}}}};
    auto const result = drive<event>(run, name, l.events, 1, [](event& e, std::int64_t i) { e.value = i; });
    expect_equal(name, static_cast<std::int64_t>(seen.folded), expected(l.events));
    return result;
  };
}

auto all(cost const& c) -> std::vector<entry> {
  auto const millrace = [&](char const* variant, std::function<measured(load const&)> how) -> entry {
    return {.where = &topic, .job = c.job, .contender = "millrace", .variant = variant, .run = std::move(how), .share = c.share};
  };
  return {millrace("fused on one worker", with_source(c.ns, mr::fused, 1)),
          millrace("pool of two, own source", with_source(c.ns, mr::groups{{"source", "work", "fold"}, {"work"}}, 0)),
          millrace("half of the lanes each, own source", with_source(c.ns, halves(), 0)),
          millrace("pool of two, producer beside them", with_producer(c.ns))};
}
enter const entered[]{enter{all(costs[0])}, enter{all(costs[1])}, enter{all(costs[2])}};

}  // namespace
}  // namespace bench::ordered_parallel
