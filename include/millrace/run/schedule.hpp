// SPDX-License-Identifier: MIT
// A pipeline that finds its own plan: now and then one of its workers counts what happened, asks plan/decide.hpp, and applies what it
// says. No thread of its own. Only programs that ask for it compile it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/place/allowed.hpp>
#include <millrace/place/caches.hpp>
#include <millrace/place/pressure.hpp>
#include <millrace/plan/decide.hpp>
#include <millrace/plan/glance.hpp>
#include <millrace/plan/replay.hpp>
#include <millrace/run/pilot.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/sync/notice.hpp>

namespace millrace {

/// What to ask of the scheduler: a goal, bounds, a fixed plan, or advice only. See plan/history.hpp.
using schedule_options = scheduling::settings;
using scheduling::goal;

/// The scheduler of a runner, for whoever wants to see what it does. It may outlive the runner.
template <typename Platform>
class basic_scheduler : public pilot {
 public:
  /// The latest decisions, the oldest first.
  /// Called by  any thread, as all members.
  /// Waits      while a worker decides: microseconds, or as long as planning takes.
  [[nodiscard]] MILLRACE_COLD auto decisions() const -> std::vector<scheduling::decision> {
    std::lock_guard const g{mutex_};
    return history_.decisions;
  }
  /// All that the scheduler knows, and what it was told last: to be kept, and to be replayed by scheduling::replay().
  struct memory {
    scheduling::sample told;
    scheduling::history before;  // what it knew when it was told
  };
  [[nodiscard]] MILLRACE_COLD auto remembers() const -> memory {
    std::lock_guard const g{mutex_};
    return {told_, before_};
  }
  /// Why it has given up, if it has: a plan could not be made or applied. The runner goes on with the plan that it has.
  [[nodiscard]] MILLRACE_COLD auto error() const -> std::exception_ptr {
    std::lock_guard const g{mutex_};
    return error_;
  }

 protected:
  mutable typename Platform::mutex mutex_;
  scheduling::history history_, before_;
  scheduling::sample told_;
  std::exception_ptr error_;
};
using scheduler = basic_scheduler<std_platform>;

template <typename Engine, typename Crew, typename Platform>
class autopilot final : public basic_scheduler<Platform> {
  using base = basic_scheduler<Platform>;
  using base::before_, base::error_, base::history_, base::mutex_, base::told_;
  static constexpr double nanosecond = 1e-9;
  static constexpr std::int64_t look_at_cores_every = 50;  // periods: others seldom change them, and it takes a system call for each worker

 public:
  MILLRACE_COLD autopilot(Engine& of, Crew& on, schedule_options const& asked) : engine_{of}, crew_{on}, tuned_period_{asked.tuned.period}, glance_every_{static_cast<std::int64_t>(asked.tuned.glance * 1e9)}, posted_{of.board().current()} {
    scheduling::machine_model machine;
    machine.able.assign(on.size(), 1.0);
    std::vector<int> cpus;
    for (std::size_t w = 0; w < on.size(); ++w) cpus.push_back(on.cpu(w));
    machine.cache = caches_of(on.where().processors(), cpus);
    history_ = scheduling::begin(asked, models(), machine, as_dealt(posted_));
    begin_period(Platform::now());
  }

  void look(bool busy) noexcept override {
    auto const now = Platform::now(), next = next_.read();
    if (now < next && !(busy && (now >= glance_at_.read() || next - now > short_period()))) return;
    std::unique_lock const g{mutex_, std::try_to_lock};
    if (!g.owns_lock() || error_ != nullptr) return;
    try {
      if (auto const end = next_.read(); now >= end) {
        decide(now);
      } else if (end - now > short_period()) {  // events have come in the middle of a long period, in which nothing was expected
        scheduling::woken(history_);
        begin_period(now);
      } else if (now >= glance_at_.read()) {
        auto const was = std::exchange(glanced_, glance_of(now));
        glance_at_.put_up(now + glance_every_);
        if (!scheduling::alarming(history_, was, glanced_)) return;
        scheduling::alarmed(history_, glanced_.at);
        begin_period(now);
      }
    } catch (...) {
      error_ = std::current_exception();
      next_.put_up(INT64_MAX), glance_at_.put_up(INT64_MAX);
    }
  }
  [[nodiscard]] auto due() const noexcept -> std::int64_t override { return next_.read(); }

 private:
  /// What has been counted since the engine was made.
  struct counts {
    struct stage {
      double events = 0, useful_ns = 0, batches = 0;
      std::vector<double> worker_ns{};
    };
    std::vector<stage> stages;
    std::vector<double> entered, blocked_ns;  // by ring
    double turned_away = 0;                   // by the first one
    std::vector<double> busy_ns, queued_ns;   // by worker
  };

  [[nodiscard]] auto short_period() const noexcept -> std::int64_t { return static_cast<std::int64_t>(tuned_period_ * 1e9); }
  MILLRACE_COLD void begin_period(std::int64_t now) {
    was_ = count();
    begun_ = now;
    next_.put_up(now + static_cast<std::int64_t>(history_.next_period * 1e9));
    glanced_ = glance_of(now), glance_at_.put_up(now + glance_every_);
  }
  /// Three counters and the depth: no worker's line is read for it.
  [[nodiscard]] MILLRACE_COLD auto glance_of(std::int64_t now) const noexcept -> scheduling::glance {
    auto const& ring = engine_.ring();
    auto const away = ring.turned_away();
    auto const in = static_cast<double>(ring.entered()), depth = in - static_cast<double>(ring.gate.reached());
    return {.at = static_cast<double>(now) * nanosecond, .published = in, .turned_away = static_cast<double>(away.refused + away.dropped + away.conflated),
            .blocked_ns = static_cast<double>(ring.blocked()), .depth = depth < 0 ? 0 : depth, .capacity = static_cast<double>(ring.size.slots())};
  }
  MILLRACE_COLD void decide(std::int64_t now) {
    if (auto p = engine_.board().current(); !(p == posted_)) {  // somebody else's
      posted_ = std::move(p);
      scheduling::applied(history_, as_dealt(posted_), static_cast<double>(now) * nanosecond);
    }
    told_ = sample_of(now);
    before_ = history_;
    auto const d = scheduling::decide(told_, history_);
    begin_period(now);
    if (!d) return;
    posted_ = grouping{carried_out(d.to)}.resolve(Engine::planned(), crew_.size());
    static_cast<void>(engine_.post(posted_, [this](std::size_t worker) { crew_.hire(worker, engine_); }));
  }
  /// Workers of a pool share its lanes out themselves: each has all of them.
  [[nodiscard]] static auto carried_out(plan const& wanted) -> plan {
    auto const stages = Engine::planned();
    auto p = wanted;
    for (std::size_t w = 0; w < p.workers(); ++w)
      for (std::size_t s = 0; s < p.stages(); ++s)
        if (stages[s].pool && p.lanes(w, s) != 0) p.give(w, s, stages[s].lanes);
    return p;
  }
  /// The other way round: each has an equal part of them, as far as a model goes.
  [[nodiscard]] MILLRACE_COLD static auto as_dealt(plan const& carried) -> plan {
    auto const stages = Engine::planned();
    plan p{carried.workers(), carried.stages()};
    for (std::size_t s = 0; s < p.stages(); ++s) {
      std::size_t hands = 0, before = 0;
      for (std::size_t w = 0; w < p.workers(); ++w) hands += carried.lanes(w, s) != 0;
      for (std::size_t w = 0; w < p.workers(); ++w) {
        if (carried.lanes(w, s) == 0) continue;
        p.give(w, s, stages[s].pool ? lanes_between(before * most_lanes / hands, (before + 1) * most_lanes / hands) : carried.lanes(w, s));
        ++before;
      }
    }
    return p;
  }

  // ---- what the stages are
  [[nodiscard]] MILLRACE_COLD auto models() const -> scheduling::stage_models {
    auto const planned = Engine::planned();
    scheduling::stage_models all(planned.size());
    std::uint32_t keys = 0;
    engine_.each_strand([&](auto const& strand) {
      using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
      for (std::size_t s = 0; s < segment::stages; ++s) {
        auto const n = strand.first_stage() + s;
        auto& m = all[n];
        m.together = planned[n].together, m.apart = planned[n].apart, m.after = segment::waits_for(s) << strand.first_stage();
        if (planned[n].follows) m.together |= scheduling::bit(planned.leader_of(n));
        m.levels = planned[n].pool;
        if (planned[n].lanes == 1) m.most_workers = 1;
        else m.dealt = segment::shares(s) == sharing::by_place ? scheduling::dealing::by_place : static_cast<scheduling::dealing>(static_cast<std::uint32_t>(scheduling::dealing::by_key) + keys++);
      }
    });
    return all;
  }

  // ---- counting
  [[nodiscard]] MILLRACE_COLD auto count() const -> counts {
    counts c;
    c.stages.resize(Engine::stages);
    c.busy_ns.resize(crew_.size());
    c.queued_ns.assign(crew_.size(), -1);
    engine_.each_strand([&](auto const& strand) {
      using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
      auto const& ring = strand.ring();
      c.entered.push_back(static_cast<double>(ring.entered()));
      c.blocked_ns.push_back(static_cast<double>(ring.blocked()));
      for (std::size_t s = 0; s < segment::stages; ++s) {
        auto& stage = c.stages[strand.first_stage() + s];
        stage.events = static_cast<double>(ring.stage[s].reached());
        for (std::size_t w = 0; w < crew_.size(); ++w) {
          auto const& seat = strand.seat_of(w);
          auto const useful = static_cast<double>(seat.useful_ns[s].read());
          stage.useful_ns += useful, stage.worker_ns.push_back(useful), stage.batches += static_cast<double>(seat.batches[s].read()), c.busy_ns[w] += useful;
        }
      }
    });
    auto const away = engine_.ring().turned_away();
    c.turned_away = static_cast<double>(away.refused + away.dropped + away.conflated);
    for (std::size_t w = 0; w < crew_.size(); ++w)
      if (auto const number = crew_.thread_number(w); number != 0) c.queued_ns[w] = static_cast<double>(run_queue_wait(number));
    return c;
  }
  [[nodiscard]] MILLRACE_COLD auto sample_of(std::int64_t now) -> scheduling::sample {
    auto const is = count();
    scheduling::sample s;
    auto const ns = static_cast<double>(now - begun_ < 1 ? 1 : now - begun_);
    s.at = static_cast<double>(now) * nanosecond, s.seconds = ns * nanosecond;
    std::size_t r = 0;
    s.stages.resize(is.stages.size());
    engine_.each_strand([&](auto const& strand) {
      using segment = typename std::remove_cvref_t<decltype(strand)>::segment;
      auto const& ring = strand.ring();
      auto const depth = static_cast<double>(ring.entered() - ring.gate.reached());
      s.rings.push_back({.depth = depth < 0 ? 0 : depth, .capacity = static_cast<double>(ring.size.slots())});
      auto const first = strand.first_stage();
      for (std::size_t i = first; i < first + segment::stages; ++i) {
        auto& x = s.stages[i];
        x.events = x.passed = x.timed_events = is.stages[i].events - was_.stages[i].events;
        x.timed_ns = is.stages[i].useful_ns - was_.stages[i].useful_ns;
        if (!(x.timed_ns > 0)) x.timed_events = 0;
        for (std::size_t w = 0; w < crew_.size(); ++w) x.worker_ns.push_back(is.stages[i].worker_ns[w] - was_.stages[i].worker_ns[w]);
      }
      if (r > 0) s.stages[first - 1].passed = is.entered[r] - was_.entered[r];  // the stage that expands, or leaves out
      ++r;
    });
    using first_segment = typename Engine::segment;
    // An own source gives as much as it is asked for.
    auto const published = first_segment::own_source ? s.stages[0].events : is.entered[0] - was_.entered[0], away = is.turned_away - was_.turned_away;
    auto const waited = first_segment::own_source && !first_segment::from_lanes ? 1 : (is.blocked_ns[0] - was_.blocked_ns[0]) / ns;
    s.producers.push_back({.published = published, .blocked = scheduling::within(away > 0 ? scheduling::most(waited, away / (away + published)) : waited, 0, 1)});
    for (std::size_t w = 0; w < crew_.size(); ++w) {
      scheduling::worker_sample x;
      x.ran = history_.now.employs(w);
      if (is.queued_ns[w] >= 0 && was_.queued_ns[w] >= 0) x.runq_ns = is.queued_ns[w] - was_.queued_ns[w];
      x.busy_ns = scheduling::at_work(is.busy_ns[w] - was_.busy_ns[w], x.runq_ns, ns);
      x.waited_ns = scheduling::most(0, ns - x.busy_ns - x.runq_ns);
      s.workers.push_back(x);
    }
    if (now >= look_at_cores_) cores_ = usable_cores(), look_at_cores_ = now + look_at_cores_every * short_period();
    s.cores = cores_;
    auto const batches = is.stages[0].batches - was_.stages[0].batches;
    s.batch = batches > 0 ? scheduling::most(1, s.stages[0].events / batches) : 64;
    s.event_bytes = sizeof(typename Engine::event);
    return s;
  }
  /// As many as the crew has, but no more than are left to the process now. A thread that nobody has started yet will be pinned where the
  /// crew wants it, or inherit the mask of one that has.
  [[nodiscard]] MILLRACE_COLD auto usable_cores() const -> double {
    std::vector<int> cpus;
    std::size_t anywhere = 0;
    auto const add = [&](int cpu) {
      if (std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) cpus.push_back(cpu);
    };
    for (std::size_t w = 0; w < crew_.size(); ++w) {
      auto const number = crew_.thread_number(w);
      auto const may_use = number != 0 ? cpus_of_thread(number) : std::vector<int>{};
      for (int const cpu : may_use) add(cpu);
      if (!may_use.empty()) continue;
      if (crew_.cpu(w) < 0) ++anywhere;
      else add(crew_.cpu(w));
    }
    auto cores = static_cast<double>(crew_.size());
    for (double const left : {static_cast<double>(cpus.empty() ? anywhere : cpus.size()), cpu_quota(), cpus_of_group()})
      if (left > 0 && left < cores) cores = left;
    return cores;
  }

  Engine& engine_;
  Crew& crew_;
  notice<Platform> next_, glance_at_;  // the end of the period; the next glance within it, for which nobody is woken
  double tuned_period_;
  std::int64_t glance_every_;
  plan posted_;  // by whomever
  counts was_;
  scheduling::glance glanced_;
  std::int64_t begun_ = 0, look_at_cores_ = 0;
  double cores_ = 1;
};

/// From now on the runner finds its plan by itself: it begins with the one that it has, fuses stages when the load is low, splits and
/// shares them when it is high, and keeps to the constraints of the pipeline. A plan that is applied by hand counts until the next
/// decision. The workers look about every 20 ms, between two batches, and every 4 ms whether the ring fills; when nothing flows ever less often, up to
/// once a second.
///
/// Called by  any thread, once for each runner, before or after its start.
/// Returns    the scheduler, for those who want to know what it has decided and why.
/// Throws     bad_call at the second time, and for a period or a glance below a microsecond: workers would do nothing else; bad_plan if stages are to
///            be together and apart.
template <typename Pipeline, typename Platform>
MILLRACE_COLD auto schedule(runner<Pipeline, Platform>& run, schedule_options const& asked = {}) -> std::shared_ptr<basic_scheduler<Platform> const> {
  if (!(asked.tuned.period >= 1e-6) || !(asked.tuned.glance >= 1e-6) || !(asked.tuned.longest_period >= asked.tuned.period)) throw bad_call{"millrace: a scheduler looks every microsecond at most; set `period` and `glance`, and `longest_period` not below the first"};
  auto const& e = run.shared();
  auto made = std::make_shared<autopilot<std::remove_cvref_t<decltype(*e)>, std::remove_cvref_t<decltype(run.on())>, Platform>>(*e, run.on(), asked);
  e->fly(made);
  return made;
}

}  // namespace millrace
