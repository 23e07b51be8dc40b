// SPDX-License-Identifier: MIT
// The stage with a table for each group of keys: fused on one worker; shared by two, of which the first also has the source and the fold.
#include "keyed/problem.hpp"
#include "support/millrace.hpp"

namespace bench::keyed {
namespace {

constexpr char const* name = "keyed, millrace";

auto shared(double ns, mr::grouping const& plan, std::size_t first) {
  return [ns, plan, first](load const& l) {
    fold seen;
    static_cast<void>(keys());
    auto crew = first == 0 ? two_workers(0) : one_worker();
    mr::runner run{mr::generate(source{.end = l.events}) | mr::map<"work">(work<mr::keyed_state<std::int64_t, std::int64_t>>{links_of(ns)}, mr::keyed_by(&event::key)) |
                       mr::tap<"fold">(reporting<fold>{{}, &seen}),
                   crew, {.capacity = capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    expect_equal(name, static_cast<std::int64_t>(seen.folded), expected(l.events));
    return result;
  };
}

/// The second worker, which has nothing else, has a few lanes more.
auto uneven(unsigned lanes_of_the_first) -> mr::plan {
  auto const mine = (std::uint64_t{1} << lanes_of_the_first) - 1;
  mr::plan p{2, 4};  // source, lanes of the keys, work, fold
  p.give(0, 0, 1), p.give(0, 1, 1), p.give(0, 2, mine), p.give(1, 2, ~mine), p.give(0, 3, 1);
  return p;
}

auto all(cost const& c) -> std::vector<entry> {
  auto const millrace = [&](char const* variant, std::function<measured(load const&)> how) -> entry {
    return {.where = &topic, .job = c.job, .contender = "millrace", .variant = variant, .run = std::move(how)};
  };
  return {millrace("fused on one worker", shared(c.ns, mr::fused, 1)), millrace("two workers, 32 + 32 groups", shared(c.ns, mr::groups{{"source", "work", "fold"}, {"work"}}, 0)),
          millrace("two workers, 28 + 36 groups", shared(c.ns, uneven(28), 0))};
}
enter const entered[]{enter{all(costs[0])}, enter{all(costs[1])}, enter{all(costs[2])}};

}  // namespace
}  // namespace bench::keyed
