// SPDX-License-Identifier: MIT
// What the scenarios with whole runners share.
#pragma once
#include <optional>

#include <millrace.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

/// Workers wherever the system puts them: reading the machine's topology would take longer than a run.
struct small_crew : basic_workers<P> {
  explicit small_crew(std::size_t n = 2) : basic_workers<P>{{.max = n, .place = {.cpus = {}, .pin = false, .bind_memory = false}}} {}
};

struct number {
  std::int64_t n = 0;
};

/// What a handler keeps, watched: two workers must not be in one stage at once, and every event passes once, in order.
struct witness {
  P::cell<int> inside{0};
  P::cell<std::int64_t> next{0};
  std::int64_t passed = 0;  // like next, for who is in another stage: not watched

  /// For the whole of the handler.
  struct visit {
    witness& of;
    explicit visit(witness& w) : of{w} { check(of.inside.write()++ == 0, "one holder at a time"); }
    visit(visit const&) = delete;
    auto operator=(visit const&) -> visit& = delete;
    ~visit() { --of.inside.write(); }
  };
  /// Event number `n`, of those that reach the stage.
  void sees(std::int64_t n, std::int64_t step = 1) {
    visit const inside_it{*this};
    check(next.read() == n, "each event once, in order");
    next.write() = passed = n + step;
  }
};

inline auto with(std::size_t slots, grouping const& plan, wait_policy const& wait = parks) -> runner_options {
  runner_options o;
  o.capacity = slots;
  o.plan = plan;
  o.wait = wait;
  return o;
}
/// Who sleeps puts everything down first; who never does has to put down and pick up what a plan says.
inline auto parks_or_looks() -> wait_policy const& { return one_of(2) == 0 ? parks : looks; }

/// For the trace. `run` is a runner on a crew of two.
template <typename Runner>
void name_parts(Runner& run) {
  static constexpr char const* stage_names[] = {"stage 0", "stage 1", "stage 2", "stage 3"};
  static constexpr char const* sleepers_of[] = {"sleepers of stage 0", "sleepers of stage 1", "sleepers of stage 2", "sleepers of stage 3"};
  auto& ring = run.shared()->ring();
  for (std::size_t s = 0; s < ring.stage.size() && s < std::size(stage_names); ++s) {
    name(ring.stage[s].waiting, sleepers_of[s]);
    name(ring.stage[s], stage_names[s]);
  }
  name(ring.producer.waiting(), "sleepers of the ring");
  name(ring.producer, "ring");
  name(ring.others, "sleep of the others");
  name(run.shared()->course(), "life");
  name(run.shared()->board(), "board");
  name(run.on().where_they_sleep()->of[0], "bed of worker 0");
  name(run.on().where_they_sleep()->of[1], "bed of worker 1");
}

/// The plan number `which` for stages on two workers: bit s says who runs stage s.
template <typename Runner>
auto plan_for(Runner const&, unsigned which) -> grouping {
  auto const stages = Runner::engine_type::planned().size();
  plan p{2, stages};
  for (std::size_t s = 0; s < stages; ++s) p.give(which >> s & 1, s, 1);
  return p;
}
template <typename Runner>
auto any_plan_for(Runner const& run) -> grouping { return plan_for(run, one_of(1u << Runner::engine_type::planned().size())); }

}  // namespace millrace::model
