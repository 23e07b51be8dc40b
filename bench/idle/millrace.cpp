// SPDX-License-Identifier: MIT
// Waiting with Millrace's default: a short look, then asleep. Fused on one worker, and every stage on its own.
#include "idle/problem.hpp"
#include "support/millrace.hpp"

namespace bench::idle {
namespace {

constexpr char const* name = "idle, millrace";

auto waiting(on core, mr::workers_options const& workers, mr::grouping const& plan) {
  return [core, workers, plan](load const& l) {
    arrivals seen{l.events};
    mr::workers crew{workers};
    mr::runner run{mr::from<event>()               //
                       | mr::tap<"first">(pass{})   //
                       | mr::tap<"second">(pass{})  //
                       | mr::tap<"third">(pass{})   //
                       | mr::tap<"fourth">(last_stage{&seen}),
                   crew,
                   {.capacity = capacity, .plan = plan}};
    auto in = run.input();
    auto const result = observe(l, core, name, seen, [&] {
      auto const done = in.publish([](event& e) { e.sent = ticks(); });
      expect(name, done == mr::status::ok, "an event was not published");
    });
    expect(name, run.finish().ok(), "the pipeline did not end well");
    return result;
  };
}

auto millrace(on core, char const* variant, mr::workers_options const& workers, mr::grouping const& plan) -> entry {
  return {.where = &topic, .job = job(core), .contender = "millrace", .variant = variant, .run = waiting(core, workers, plan),
          .cpus = core == on::another_core ? 2u : 1u};
}

enter const entered{{millrace(on::any_core, "fused on one worker", {.max = 1}, mr::fused),
                     millrace(on::any_core, "fused on one worker, not pinned", {.max = 1, .place = {.pin = false}}, mr::fused),
                     millrace(on::any_core, "spread over four workers", {.max = 4}, mr::spread),
                     millrace(on::any_core, "spread over four workers, not pinned", {.max = 4, .place = {.pin = false}}, mr::spread),
                     millrace(on::another_core, "fused on one worker", {.max = 1, .place = {.cpus = {cpu_at(1)}}}, mr::fused)}};

}  // namespace
}  // namespace bench::idle
