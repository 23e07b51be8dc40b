// SPDX-License-Identifier: MIT
// Three consumers as branches of a sentence: one loop on one worker, or split over two.
#include "multicast/problem.hpp"
#include "support/millrace.hpp"

namespace bench::multicast {
namespace {

constexpr char const* name = "multicast, millrace";

auto branches(auto begin, outcome& seen) {
  return begin | mr::fan_out(mr::tap<"add">(reporting<addition>{{}, &seen.add}),
                             mr::tap<"subtract">(reporting<subtraction>{{}, &seen.subtract}),
                             mr::tap<"and">(reporting<conjunction>{{}, &seen.both}));
}

auto published(std::int64_t batch, std::size_t workers, mr::grouping const& plan) {
  return [=](load const& l) {
    outcome seen;
    auto crew = workers == 1 ? one_worker() : two_workers(1);
    mr::runner run{branches(mr::from<event>(), seen), crew, {.capacity = capacity, .plan = plan}};
    auto const result = drive<event>(run, name, l.events, batch, fill);
    seen.check(name, l.events);
    return result;
  };
}

auto from_source(std::size_t workers, mr::grouping const& plan) {
  return [=](load const& l) {
    outcome seen;
    auto crew = workers == 1 ? one_worker() : two_workers(0);
    mr::runner run{branches(mr::generate(source{.end = l.events}), seen), crew,
                   {.capacity = capacity, .plan = plan, .paused = true}};
    auto const result = run_to_end(run, name, l.events);
    seen.check(name, l.events);
    return result;
  };
}

auto millrace(char const* job, char const* variant, std::function<measured(load const&)> how, std::size_t needs = 2,
              double share = 1) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = std::move(how),
          .share = share, .cpus = needs};
}

mr::grouping const halves = mr::groups{{"add"}, {"subtract", "and"}};
mr::grouping const source_halves = mr::groups{{"source", "add"}, {"subtract", "and"}};

enter const entered{{millrace(job(1), "fused", published(1, 1, mr::fused)),
                     millrace(job(1), "split 1 + 2", published(1, 2, halves), 3),
                     millrace(job(10), "fused", published(10, 1, mr::fused)),
                     millrace(job(10), "split 1 + 2", published(10, 2, halves), 3),
                     millrace(own_source, "fused", from_source(1, mr::fused)),
                     millrace(own_source, "split source 1 + 2", from_source(2, source_halves), 2, 0.3)}};

}  // namespace
}  // namespace bench::multicast
