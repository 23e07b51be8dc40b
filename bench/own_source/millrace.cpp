// SPDX-License-Identifier: MIT
// The source is part of the sentence: fused on one worker, on the calling thread, or split over two workers.
#include "own_source/problem.hpp"
#include "support/millrace.hpp"

namespace bench::own_source {
namespace {

constexpr char const* name = "own_source, millrace";

auto changing3(std::int64_t events, chain3::count_fours& seen) {
  return mr::generate(source3{.end = events})                                   //
         | mr::change<"first">(chain3::add{})                                   //
         | mr::change<"second">(chain3::add_three{})                            //
         | mr::tap<"third">(reporting<chain3::count_fours>{{}, &seen});
}

auto mapping3(std::int64_t events, chain3::count_fours& seen) {
  return mr::generate(source3{.end = events})                                   //
         | mr::map<"first">(chain3::sum_of{})                                   //
         | mr::map<"second">(chain3::plus_three{})                              //
         | mr::tap<"third">(reporting<chain3::count_fours>{{}, &seen});
}

auto changing8(std::int64_t events, chain8::fold& seen) {
  return mr::generate(source8{.end = events})                                   //
         | mr::change<"second">(chain8::change<1>{})                            //
         | mr::change<"third">(chain8::change<2>{})                             //
         | mr::change<"fourth">(chain8::change<3>{})                            //
         | mr::change<"fifth">(chain8::change<4>{})                             //
         | mr::change<"sixth">(chain8::change<5>{})                             //
         | mr::change<"seventh">(chain8::change<6>{})                           //
         | mr::tap<"eighth">(reporting<chain8::fold>{{}, &seen});
}

void check(std::int64_t events, chain3::count_fours const& seen) {
  expect_equal(name, seen.count, chain3::expected(events));
}
void check(std::int64_t events, chain8::fold const& seen) {
  expect_equal(name, seen.folded, chain8::expected(events));
}

template <typename Seen>
auto fused(auto pipeline_into) {
  return [pipeline_into](load const& l) {
    Seen seen;
    auto crew = one_worker();
    mr::runner run{pipeline_into(l.events, seen), crew,
                   {.capacity = chain3::capacity, .plan = mr::fused, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    check(l.events, seen);
    return result;
  };
}

template <typename Seen>
auto split(auto pipeline_into, mr::grouping const& plan) {
  return [pipeline_into, plan](load const& l) {
    Seen seen;
    auto crew = two_workers(0);
    mr::runner run{pipeline_into(l.events, seen), crew,
                   {.capacity = chain3::capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    check(l.events, seen);
    return result;
  };
}

template <typename Seen>
auto on_this_thread(auto pipeline_into) {
  return [pipeline_into](load const& l) {
    Seen seen;
    auto pipeline = pipeline_into(l.events, seen);
    stopwatch watch;
    std::thread{[&] {
      pin(1);
      watch.start();
      mr::run_inline(pipeline);
      watch.stop();
    }}.join();
    check(l.events, seen);
    return throughput(watch, l.events);
  };
}

auto millrace(char const* job, char const* variant, std::function<measured(load const&)> how, std::size_t needs = 2,
              double share = 1) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = std::move(how),
          .share = share, .cpus = needs};
}

using seen3 = chain3::count_fours;
using seen8 = chain8::fold;

enter const entered{
    {millrace(three, "fused, change", fused<seen3>(changing3)),
     millrace(three, "fused, map", fused<seen3>(mapping3)),
     millrace(three, "inline on the calling thread", on_this_thread<seen3>(changing3), 1),
     millrace(three, "split source 1 + 2 3, change",
              split<seen3>(changing3, mr::groups{{"source", "first"}, {"second", "third"}}), 2, 0.3),
     millrace(eight, "fused, change", fused<seen8>(changing8)),
     millrace(eight, "inline on the calling thread", on_this_thread<seen8>(changing8), 1),
     millrace(eight, "split 4 + 4, change",
              split<seen8>(changing8, mr::groups{{"source", "second", "third", "fourth"},
                                                 {"fifth", "sixth", "seventh", "eighth"}}),
              2, 0.3)}};

}  // namespace
}  // namespace bench::own_source
