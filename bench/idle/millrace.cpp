// SPDX-License-Identifier: MIT
// Waiting with Millrace's default: a short look, then asleep. Fused on one worker, and every stage on its own.
#include "idle/problem.hpp"
#include "support/millrace.hpp"

namespace bench::idle {
namespace {

constexpr char const* name = "idle, millrace";

auto waiting(std::size_t workers, mr::grouping const& plan) {
  return [workers, plan](load const& l) {
    arrivals seen{l.events};
    mr::workers crew{{.max = workers}};
    mr::runner run{mr::from<event>()               //
                       | mr::tap<"first">(pass{})   //
                       | mr::tap<"second">(pass{})  //
                       | mr::tap<"third">(pass{})   //
                       | mr::tap<"fourth">(last_stage{&seen}),
                   crew,
                   {.capacity = capacity, .plan = plan}};
    auto in = run.input();
    auto const result = observe(l, name, seen, [&] {
      auto const done = in.publish([](event& e) { e.sent = ticks(); });
      expect(name, done == mr::status::ok, "an event was not published");
    });
    expect(name, run.finish().ok(), "the pipeline did not end well");
    return result;
  };
}

auto millrace(char const* variant, std::size_t workers, mr::grouping const& plan) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = waiting(workers, plan),
          .cpus = 1};
}

enter const entered{{millrace("fused on one worker", 1, mr::fused),
                     millrace("spread over four workers", 4, mr::spread)}};

}  // namespace
}  // namespace bench::idle
