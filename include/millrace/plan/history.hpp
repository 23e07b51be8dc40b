// SPDX-License-Identifier: MIT
// What the scheduler is asked for, what it decides, and what it remembers, all as values.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/fading_count.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/plan/running_mean.hpp>

namespace millrace::scheduling {

enum class goal : std::uint32_t {
  throughput,  ///< carry the load with some room to spare; at overload as much as the cores give
  latency,     ///< so much room that events wait no longer than asked for
  efficiency,  ///< fully used workers, and none that adds little
};

/// Why each constant has its value: README.md.
struct tuning {
  double period = 0.020, longest_period = 1.0;  // seconds, as all times here
  double glance = 0.004;                        // between looks at the ring alone, and how long a period is in which more is to be known soon
  double target = 0.70, up = 0.85;              // utilisation after a change; that asks for one
  double gain = 1.10, least_gain = 1.03;
  double settling = 2, settled_after = 4, settled_gain = 1.12;  // small steps at once; none any more: seconds after anything has moved
  double confirm_up = 2, confirm_down = 25;  // periods
  double dwell = 0.100, warmup = 0.020, verify = 0.080, verify_until = 1.0;
  double context = 0.20;     // a load or a time that has moved so far is another situation
  double efficiency = 0.30;  // of the promised gain: below, the change is taken back
  double catchup = 0.100, idle_after = 2.0;
  double forgiven = 5.0;  // seconds until one more change may be taken back as if it were the first
  double steadied = 60.0, unsteady_gain = 0.05, most_unsteady_gain = 0.30;  // seconds until a gain that did not last is forgotten; what each asks for on top
  double retried = 20, retried_gain = 1.25, longest_retried = 320;  // seconds until what was taken back is tried again in the same situation, twice as long each time, and for which gain
  double flap_window = 5.0, longest_window = 500;  // seconds; periods
  double memory = 20.0, core_memory = 2.0;  // of times, and of what cores give
  double believed = 1.0;                     // seconds until what the model says is believed against what gets through
  double paced = 0.3;                        // seconds until another pace of a core is believed: who comes for less is waited for
  double doubt = 5.0, longest_doubt = 60.0;  // how long a core is not believed again that others use
};

struct settings {
  goal wanted = goal::throughput;
  std::size_t most_workers = ~std::size_t{0};
  double utilisation_cap = 0.90;  ///< efficiency: how full workers may be
  double latency_ns = 100'000;    ///< latency: that events may take on the average
  bool advice_only = false;       ///< decisions are not taken to be carried out
  plan fixed{};                   ///< empty: none. Otherwise this one, and no other
  tuning tuned{};
};

enum class reason : std::uint32_t {
  none,
  more_load,      ///< the plan is too full
  a_little_more,  ///< it is the limit, and another carries a few per cent more
  less_load,      ///< fewer workers are enough for all that came lately
  idle,           ///< nothing came for a while
  cores_gone,     ///< fewer cores may be used than the plan employs
  rolled_back,    ///< the last change brought less than promised
  fixed_plan,     ///< asked for
};
[[nodiscard]] constexpr auto text(reason r) noexcept -> char const* {
  constexpr char const* all[] = {"none", "more load", "a little more", "less load", "idle", "cores gone", "rolled back", "fixed plan"};
  return all[static_cast<std::uint32_t>(r)];
}

/// What to do, and the numbers that led to it. Rates are the producer's events per nanosecond.
struct decision {
  reason why = reason::none;  ///< none: go on with the plan
  bool advice = false;        ///< nobody is to carry it out
  plan from{}, to{};
  double at = 0;
  double load = 0;              ///< what is asked for; unbounded: more than can be said
  double utilisation = 0;       ///< of the busiest worker under it
  double carries_now = 0;       ///< the rate that the model gives the plan that runs
  double carries_then = 0;      ///< and the new one
  double gain = 1;              ///< promised: of the rate, no more than the load allows
  double cost_ns = 0;           ///< of the change, all workers together
  double least_gain = 1;        ///< that would have been enough
  double measured_gain = 0;     ///< later: what came of it; 0: not judged
  [[nodiscard]] explicit operator bool() const noexcept { return why != reason::none && !advice; }
};

/// What a stage cost after its degree changed, kept apart until it is known whose doing that is.
struct trial {
  bool on = false;
  double sum = 0, items = 0, degree = 1;
};
struct stage_history {
  running_mean time;            // of useful work on one worker, per event
  double selectivity = 1, came = 2;  // and from how many events it is known; two are granted to the first guess
  double crowding = 0;          // learned
  double noise = 10, aside = 0;  // relative variance of one event's time, taken for large until it is known, without what it has in common with its worker's other stages; what it was off by from those
  scheduling::trial trial{};
  std::vector<double> lane_events{};
};
struct core_history {
  running_mean able{.mean = 1, .items = 20, .scatter = 0.05, .before = 1};  // the share of its time that it gives, and for how many milliseconds that was seen
  double doubted_until = -1e9, doubt_for = 5;
  double pace = 1;                                    // how many times as long as on the fastest core all takes here
  double off_pace_for = 0, off_pace_sum = 0, paced_at = -1e9;  // how long without a break it has been another one; when that was last seen
};

/// The last change: what there was before it, what it promised, and what has come since.
struct verification {
  bool on = false;  // not judged yet
  double promised = 1, rate_before = 0, events_before = 0, blocked_before = 0;
  double to_drain = 0;  // events in the old plan's ring, which are to leave first
  double events = 0, seconds = 0, blocked = 0;
};

/// All that decide() remembers. Copy it to ask what would be if.
struct history {
  settings asked{};
  stage_models stages{};   // kinds and constraints; times are learned
  machine_model machine{};
  plan now{}, before{};    // what runs, and ran before
  std::vector<stage_history> learned{};
  std::vector<core_history> cores{};
  std::vector<plan> bad{};           // in this situation
  std::vector<decision> decisions{};  // the latest last
  std::vector<double> loads{};       // of the window, without what may be chance
  running_mean demand;
  double surge = 0, surge_events = 0, surge_ns = 0;
  std::vector<double> context{};     // stage times, then the load
  std::vector<double> expected{};    // shares of the work when a small gain was last taken
  double changed_at = -1e9, context_at = -1e9, down_at = -1e9, limited_for = 0, idle_for = 0, began = -1;
  double next_period = 0.020;        // how long to wait for the next sample
  double window = 25, patience = 1, penance = 0, small_steps = 0, up_count = 0, down_wait = 0;
  verification verified{};
  bool to_recheck = false;           // whether the gain of the last step up is still there when the next is due
  bool visited = false;              // in the last sample, by somebody of whom the operating system knows nothing
  bool full = false;                 // at the last sample: all that can be done about it is being done
  double carries = 0, alarmed_at = -1e9;  // the rate that the model gives the plan; when a glance last ended a period
  double limited_events = 0, limited_seconds = 0, depth_before = -1;  // of about the latest five samples in which the plan was the limit
  plan tried{};                      // as planned, before workers were renamed
  double changes = 0, rollbacks = 0;
  fading_count taken_back{}, unsteady{};  // changes; and gains that did not last
  double bad_until = 0, bad_for = 0;
  double to_model = 1;               // what got through while the plan was the limit, to what the model says, if that is more
};
inline constexpr std::size_t most_decisions = 16;

/// The history of a pipeline that begins with `first`. `machine.able` has an entry for each worker.
[[nodiscard]] MILLRACE_COLD inline auto begin(settings const& asked, stage_models const& stages, machine_model const& machine, plan const& first) -> history {
  history h;
  h.asked = asked, h.stages = stages, h.machine = machine, h.now = first, h.before = first;
  h.learned.resize(stages.size());
  h.cores.resize(machine.workers());
  for (std::size_t i = 0; i < stages.size(); ++i) h.learned[i].selectivity = stages[i].selectivity;
  h.next_period = asked.tuned.period, h.window = asked.tuned.confirm_down;
  return h;
}

}  // namespace millrace::scheduling
