// SPDX-License-Identifier: MIT
// The stage as a pool of two workers; and with half of the lanes each, to see what claims are good for.
#include "pool/problem.hpp"
#include "support/millrace.hpp"

namespace bench::pool {
namespace {

constexpr char const* name = "pool, millrace";

auto shared(std::uint64_t one_in, mr::grouping const& plan) {
  return [one_in, plan](load const& l) {
    fold seen;
    auto crew = two_workers(0);
    mr::runner run{mr::generate(source{.end = l.events}) | mr::map<"work">(work{one_in}, mr::stateless) | mr::tap<"fold">(reporting<fold>{{}, &seen}), crew,
                   {.capacity = capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    expect_equal(name, static_cast<std::int64_t>(seen.folded), expected(l.events));
    return result;
  };
}

auto all(mixture const& m) -> std::vector<entry> {
  auto const millrace = [&](char const* variant, mr::grouping const& plan) -> entry {
    return {.where = &topic, .job = m.job, .contender = "millrace", .variant = variant, .run = shared(m.one_in, plan), .share = m.share};
  };
  return {millrace("pool of two", mr::groups{{"source", "work", "fold"}, {"work"}}), millrace("half of the lanes each", halves())};
}
enter const entered[]{enter{all(mixtures[0])}, enter{all(mixtures[1])}};

}  // namespace
}  // namespace bench::pool
