// SPDX-License-Identifier: MIT
// Two runners, the first of which ends with mr::into the second: a worker each, or one worker for both. Beside them the same as one sentence.
#include "runners/problem.hpp"
#include "support/millrace.hpp"

namespace bench::runners {
namespace {

constexpr char const* name = "runners, millrace";

auto behind(chain3::count_fours& seen) {
  return mr::from<event>()                        //
         | mr::change<"second">(chain3::add_three{})  //
         | mr::tap<"third">(reporting<chain3::count_fours>{{}, &seen});
}

auto in_a_row(load const& l, mr::workers& first, mr::workers& second) -> measured {
  chain3::count_fours seen;
  mr::runner b{behind(seen), second, {.capacity = capacity, .plan = mr::fused}};
  mr::runner a{mr::generate(source{.end = l.events}) | mr::change<"first">(chain3::add{}) | mr::into<"over">(b.input()), first,
               {.capacity = capacity, .plan = mr::fused, .paused = true}};
  stopwatch watch;
  watch.start();
  a.start();
  auto const before = a.finish();
  auto const after = b.finish();
  watch.stop();
  expect(name, before.ok() && after.ok() && after.done == l.events, "the pipelines did not end well");
  expect_equal(name, seen.count, chain3::expected(l.events));
  return throughput(watch, l.events);
}

auto a_worker_each(load const& l) -> measured {
  auto second = one_worker();
  mr::workers first{{.max = 1, .place = {.cpus = {cpu_at(0)}}}};
  return in_a_row(l, first, second);
}
auto on_one_worker(load const& l) -> measured {
  auto both = one_worker();
  return in_a_row(l, both, both);
}
auto one_sentence(load const& l) -> measured {
  chain3::count_fours seen;
  auto crew = two_workers(0);
  mr::runner run{mr::generate(source{.end = l.events}) | mr::change<"first">(chain3::add{}) | mr::change<"second">(chain3::add_three{}) |
                     mr::tap<"third">(reporting<chain3::count_fours>{{}, &seen}),
                 crew, {.capacity = capacity, .plan = mr::groups{{"source", "first"}, {"second", "third"}}, .paused = true}};
  auto const result = run_to_end(run, name, l.events);
  expect_equal(name, seen.count, chain3::expected(l.events));
  return result;
}

auto millrace(char const* variant, measured (*run)(load const&), std::size_t needs, double share) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = run, .share = share, .cpus = needs};
}

enter const entered{{millrace("two runners, a worker each", a_worker_each, 2, 1), millrace("two runners on one worker", on_one_worker, 2, 0.5),
                     millrace("one runner, split source 1 + 2 3", one_sentence, 2, 0.5)}};

}  // namespace
}  // namespace bench::runners
