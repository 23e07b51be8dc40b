// SPDX-License-Identifier: MIT
// Waiting with Millrace's default: a short look, then asleep. Fused on one worker, every stage on its own, and with a plan that a scheduler finds.
#include <millrace/run/schedule.hpp>

#include <exception>
#include <memory>

#include "idle/problem.hpp"
#include "support/millrace.hpp"

namespace bench::idle {
namespace {

constexpr char const* name = "idle, millrace";

enum class planned { by_hand, by_itself };

auto waiting(on core, mr::workers_options const& workers, mr::grouping const& plan, planned how) {
  return [core, workers, plan, how](load const& l) {
    arrivals seen{l.events};
    mr::workers crew{workers};
    mr::runner run{mr::from<event>()               //
                       | mr::tap<"first">(pass{})   //
                       | mr::tap<"second">(pass{})  //
                       | mr::tap<"third">(pass{})   //
                       | mr::tap<"fourth">(last_stage{&seen}),
                   crew,
                   {.capacity = capacity, .plan = plan}};
    std::shared_ptr<mr::scheduler const> scheduler;
    if (how == planned::by_itself) scheduler = mr::schedule(run);
    auto in = run.input();
    auto const result = observe(l, core, name, seen, [&] {
      auto const done = in.publish([](event& e) { e.sent = ticks(); });
      expect(name, done == mr::status::ok, "an event was not published");
    });
    expect(name, run.finish().ok(), "the pipeline did not end well");
    if (scheduler != nullptr && scheduler->error() != nullptr) std::rethrow_exception(scheduler->error());
    return result;
  };
}

auto millrace(on core, char const* variant, mr::workers_options const& workers, mr::grouping const& plan, planned how = planned::by_hand) -> entry {
  return {.where = &topic, .job = job(core), .contender = "millrace", .variant = variant, .run = waiting(core, workers, plan, how),
          .share = share_of(core), .cpus = cpus_for(core)};
}
/// The first worker is where the one that is alone would be.
auto first_on_another_core() -> mr::workers_options { return {.max = 2, .place = {.cpus = {cpu_at(1), cpu_at(0)}}}; }

enter const entered{{millrace(on::any_core, "fused on one worker", {.max = 1}, mr::fused),
                     millrace(on::any_core, "fused on one worker, not pinned", {.max = 1, .place = {.pin = false}}, mr::fused),
                     millrace(on::any_core, "spread over four workers", {.max = 4}, mr::spread),
                     millrace(on::any_core, "spread over four workers, not pinned", {.max = 4, .place = {.pin = false}}, mr::spread),
                     millrace(on::any_core, "schedule()", {}, mr::fused, planned::by_itself),
                     millrace(on::another_core, "fused on one worker", {.max = 1, .place = {.cpus = {cpu_at(1)}}}, mr::fused),
                     millrace(on::another_core, "schedule()", first_on_another_core(), mr::fused, planned::by_itself),
                     millrace(on::another_core_after_seconds, "fused on one worker", {.max = 1, .place = {.cpus = {cpu_at(1)}}}, mr::fused),
                     millrace(on::another_core_after_seconds, "schedule()", first_on_another_core(), mr::fused, planned::by_itself)}};

}  // namespace
}  // namespace bench::idle
