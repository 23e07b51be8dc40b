// SPDX-License-Identifier: MIT
// Runs a pipeline of every_call.hpp, inline or by workers that are this thread, and says what was wrong.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/every_call.hpp"

namespace every_call {

/// How a pipeline is run. No workers: by run_inline.
struct machine {
  std::size_t workers = 0, capacity = 8, batch = 8;
  int at_once = 1;       // events of a publish
  bool paused = false;   // all events are in the ring before the first is run
};
inline machine const machines[] = {{}, {1, 8, 8, 1, true}, {2, 2, 2, 1, false}, {3, 4, 1, 2, false}};

inline constexpr int most = 6;  // events

enum class source { one, many, own };

/// What is known when it has ended.
struct outcome {
  std::vector<int> first;                 // the events that entered; -1: a tombstone
  bool inside = false;                    // run_inline: there is no report
  bool thrown = false;                    // out of run_inline
  mr::report said{};
  std::vector<std::int64_t> published{};  // by ring
  std::vector<std::pair<std::string, std::int64_t>> cursors{};
};

/// Everybody may have every lane of a stage that several workers share; the others go round.
inline auto plan_of(mr::stage_list stages, std::size_t workers) -> mr::plan {
  mr::plan p{workers, stages.size()};
  for (std::size_t s = 0, next = 0; s < stages.size(); ++s) {
    if (stages[s].pool)
      for (std::size_t w = 0; w < workers; ++w) p.give(w, s, stages[s].lanes);
    else if (stages[s].lanes != 1)
      for (std::size_t l = 0; l < 64; ++l) p.give(l % workers, s, mr::lane_mask{1} << l);
    else
      p.give(next++ % workers, s, 1);
  }
  return p;
}

template <typename Run>
auto a_turn(Run& run, std::size_t workers) -> bool {
  bool any = false;
  for (std::size_t w = 0; w < workers; ++w) any |= run.work_some(w);
  return any;
}
/// Called before the first event, between any two, and between any two turns of the workers. May destroy the runner.
template <typename Runner>
using between = std::function<void(std::unique_ptr<Runner>&)>;

/// Publishes all events, with a turn of the workers between, as long as the runner is there and open.
template <typename Input, typename Run>
void publish_all(witness& w, Input& in, std::unique_ptr<Run>& run, machine const& m, between<Run> const& meanwhile, bool tombstones, outcome& out) {
  for (int next = 0; next < most;) {
    auto const n = std::min(m.at_once, most - next);
    meanwhile(run);
    bool claimed = false;
    try {
      auto const s = in.publish(static_cast<std::size_t>(n), [&](int& e, std::size_t i) { claimed = true, w.call('+', e = next + static_cast<int>(i)); });
      if (s == mr::status::closed) {
        if (claimed && tombstones) out.first.insert(out.first.end(), static_cast<std::size_t>(n), -1);  // it ended between claim and publish
        return;
      }
      if (s == mr::status::would_block) {
        a_turn(*run, m.workers);
        continue;
      }
      for (int i = 0; i < n; ++i) out.first.push_back(next + i);
    } catch (...) {  // who fills threw
      if (tombstones) out.first.insert(out.first.end(), static_cast<std::size_t>(n), -1);
    }
    next += n;
    meanwhile(run);
    if (run && !m.paused) a_turn(*run, m.workers);
  }
}

template <typename Shape>
using runner_of = mr::runner<decltype(Shape::pipeline(std::declval<witness&>())), mr::std_platform>;

template <typename Shape>
auto run_once(witness& w, machine const& m, between<runner_of<Shape>> const& meanwhile) -> outcome {
  outcome out;
  auto p = Shape::pipeline(w);
  constexpr bool own = Shape::from == source::own;
  if (m.workers == 0) {
    out.inside = true;
    for (int i = 0; i < most; ++i) out.first.push_back(i);
    try {
      if constexpr (own) mr::run_inline(p);
      else mr::run_inline(p, out.first);
    } catch (...) {
      out.thrown = true;
    }
    return out;
  }
  using runner = runner_of<Shape>;
  mr::workers crew{{.max = m.workers, .own_threads = true}};
  auto const plan = plan_of(runner::engine_type::planned(), m.workers);
  std::unique_ptr<runner> run{new runner{std::move(p), crew, {.capacity = m.capacity, .plan = plan, .batch = m.batch, .paused = m.paused}}};
  if constexpr (own) {
    for (int i = 0; i < most; ++i) out.first.push_back(i);
  } else {
    auto in = run->input();
    publish_all(w, in, run, m, meanwhile, Shape::from == source::many, out);
  }
  for (meanwhile(run); run && !m.paused && a_turn(*run, m.workers); meanwhile(run)) {}
  if (!run) return out.inside = out.thrown = true, out;  // nobody is there to say more
  out.said = run->finish();
  auto const all = mr::snapshot(*run);
  out.published.push_back(all.events.published);
  for (auto const& r : all.further) out.published.push_back(r.published);
  for (auto const& s : all.stages) out.cursors.emplace_back(s.name, s.events);
  return out;
}

/// What is wrong; empty: nothing. `cut`: somebody stopped it.
class verdict {
 public:
  verdict(rings const& plan, witness const& w, outcome const& o, bool own, bool cut) : plan_{plan}, w_{w}, o_{o} {
    for (auto const& ring : plan)
      for (auto const& k : ring)
        if (k.stage == w.threw.stage) rule_ = k.rule, ours_ = true;
    auto const in = w.threw.in;
    bool const handler = in == witness::place::handler;
    lasting_ = ours_ && w.has_thrown() && (!handler || !tries_again(rule_) || w.threw.times > 1);
    stopped_ = lasting_ && (!forgives(rule_) || in == witness::place::start);
    broken_ = stopped_ || cut;
    reading const right{plan, o.first, [&](char s, int n) { return lasting_ && !stopped_ && handler && s == w.threw.stage && n == w.threw.event; }, w};
    for (std::size_t r = 0; r < plan.size(); ++r)
      for (auto const& k : plan[r]) look_at(r, k, right);
    look_at_hooks();
    if (o.inside) {
      if (o.thrown != broken_) say("", o.thrown ? "it threw" : "it did not throw");
    } else {
      look_at_report(right, own, cut);
    }
  }
  [[nodiscard]] auto text() const -> std::string const& { return wrong_; }

 private:
  void say(std::string_view where, std::string_view what) {
    if (wrong_.empty()) wrong_.append(where).append(where.empty() ? "" : ": ").append(what);
  }
  static auto name_of(char s) -> std::string { return s == 's' ? "source" : std::string(1, s); }
  [[nodiscard]] auto cursor(char s) const -> std::int64_t {
    for (auto const& [name, at] : o_.cursors)
      if (name == name_of(s)) return at;
    return -1;
  }
  static auto list(std::vector<int> const& all) -> std::string {
    std::string t;
    for (auto const n : all) t.append(" ").append(std::to_string(n));
    return t;
  }
  static auto place_of(std::vector<int> const& events, int n) -> std::int64_t { return std::find(events.begin(), events.end(), n) - events.begin(); }

  void look_at(std::size_t r, knot const& k, reading const& right) {
    if (k.is == kind::compact) return;  // it has no handler
    auto const of = [&](auto const& seen) { return seen.count(k.stage) != 0 ? seen.at(k.stage) : std::vector<int>{}; };
    auto got = of(w_.seen), all = of(right.seen);
    if (k.shared) std::sort(got.begin(), got.end()), std::sort(all.begin(), all.end());
    if (std::adjacent_find(got.begin(), got.end()) != got.end()) say(name_of(k.stage), "the same event twice");
    if (!broken_) {
      if (got != all) say(name_of(k.stage), "it had" + list(got) + ", not" + list(all));
      return;
    }
    if (!std::includes(all.begin(), all.end(), got.begin(), got.end())) say(name_of(k.stage), "it had" + list(got) + ", of" + list(all));
    if (k.shared) return;
    if (got.size() > all.size() || !std::equal(got.begin(), got.end(), all.begin())) return say(name_of(k.stage), "it had" + list(got) + ", not the first of" + list(all));
    if (o_.inside) return;
    // In a runner it has had all before its cursor, and none behind; a stage that expands may be in the middle of the next.
    auto const at = cursor(k.stage);
    std::size_t before = 0;
    for (int const n : all) before += place_of(right.events[r], n) < at ? 1 : 0;
    bool const between = k.is == kind::expand && got.size() == before + 1;
    if (got.size() != before && !between) say(name_of(k.stage), "its cursor is " + std::to_string(at) + ", and it had" + list(got));
  }
  void look_at_hooks() {
    for (auto const& [s, times] : w_.starts) {
      if (times != 1) say(name_of(s), "was started " + std::to_string(times) + " times");
      bool const started = !(w_.threw.in == witness::place::start && w_.threw.stage == s);
      auto const stops = w_.stops.count(s) != 0 ? w_.stops.at(s) : 0;
      if (!o_.inside && stops != (started ? 1 : 0)) say(name_of(s), "was stopped " + std::to_string(stops) + " times");
    }
    for (auto const& [s, times] : w_.stops)
      if (times > 1 || w_.starts.count(s) == 0) say(name_of(s), "was stopped, and not started");
  }
  void look_at_report(reading const& right, bool own, bool cut) {
    auto const& said = o_.said;
    auto const tombs = std::count(o_.first.begin(), o_.first.end(), -1);
    bool const early = own && broken_;  // the source has not made all
    if (!early && said.published != static_cast<std::int64_t>(o_.first.size())) say("published", std::to_string(said.published));
    if (said.tombstones != tombs) say("tombstones", std::to_string(said.tombstones));
    std::int64_t left = 0;
    for (std::size_t r = 0; r < plan_.size(); ++r) {
      auto least = o_.published[r];
      for (auto const& k : plan_[r])
        if (k.is != kind::each || k.stage != 's') least = std::min(least, cursor(k.stage));
      left += o_.published[r] - least;
      if (r == 0 && said.done != least) say("done", std::to_string(said.done) + ", cursors say " + std::to_string(least));
      auto const entered = static_cast<std::int64_t>(right.events[r].size());
      if (broken_ ? o_.published[r] > entered : o_.published[r] != entered) say("ring " + std::to_string(r), std::to_string(o_.published[r]) + " entered, not " + std::to_string(entered));
    }
    if (said.left != left) say("left", std::to_string(said.left) + ", cursors say " + std::to_string(left));
    if (!broken_ && left != 0) say("left", std::to_string(left));
    if (said.failed != (lasting_ && !stopped_ ? 1 : 0)) say("failed", std::to_string(said.failed));
    if (!cut && said.stopped) say("", "nobody stopped it");
    if ((said.error != nullptr) != stopped_) return say("error", stopped_ ? "there is none" : "there is one");
    if (!stopped_) return;
    if (said.failed_stage != name_of(w_.threw.stage)) return say("failed stage", said.failed_stage);
    if (w_.threw.in == witness::place::handler) look_where_it_failed(right);
  }
  void look_where_it_failed(reading const& right) {
    for (std::size_t r = 0; r < plan_.size(); ++r)
      for (auto const& k : plan_[r]) {
        if (k.stage != w_.threw.stage) continue;
        auto const at = place_of(right.events[r], w_.threw.event);
        if (o_.said.failed_at != at) say("failed at", std::to_string(o_.said.failed_at) + ", not " + std::to_string(at));
        if (k.shared ? cursor(k.stage) > at : cursor(k.stage) != at) say(name_of(k.stage), "stands at " + std::to_string(cursor(k.stage)) + ", and failed at " + std::to_string(at));
        for (auto const& other : plan_[r]) {
          if (k.before.find(other.stage) != k.before.npos && cursor(other.stage) <= at) say(name_of(other.stage), "has not had what failed behind it");
          if (other.before.find(k.stage) != other.before.npos && cursor(other.stage) > at) say(name_of(other.stage), "is behind what has failed, and has passed it");
        }
      }
  }

  rings const& plan_;
  witness const& w_;
  outcome const& o_;
  how rule_ = how::stop;
  bool ours_ = false, lasting_ = false, stopped_ = false, broken_ = false;
  std::string wrong_;
};

inline auto what_threw(witness const& w) -> std::string {
  static constexpr char const* places[] = {"nothing", "the handler", "on_start", "on_batch_end", "on_stop"};
  return std::string{places[static_cast<std::size_t>(w.threw.in)]}.append(" of ").append(1, w.threw.stage == 0 ? '-' : w.threw.stage).append(" at event ").append(std::to_string(w.threw.event));
}

/// Every call of `Shape` on each machine, and with handlers that try again once more at the same event. Returns how many runs that were;
/// `tell(text)` of the first that went wrong.
template <typename Shape, typename Tell>
auto throw_at_every_call(Tell tell) -> long {
  long runs = 0;
  bool const again = [] {
    for (auto const& ring : Shape::plan())
      for (auto const& k : ring)
        if (tries_again(k.rule)) return true;
    return false;
  }();
  for (std::size_t m = 0; m < std::size(machines); ++m)
    for (int times = 0; times <= (again ? 1 : 0); ++times)
      for (long k = 1;; ++k) {
        witness w{k, times};
        auto const o = run_once<Shape>(w, machines[m], [](auto&) {});
        ++runs;
        verdict const v{Shape::plan(), w, o, Shape::from == source::own, false};
        if (!v.text().empty()) {
          tell("machine " + std::to_string(m) + ", call " + std::to_string(k) + ", " + std::to_string(times) + " more; " + what_threw(w) + " threw; " + v.text());
          return runs;
        }
        if (!w.reached()) break;
      }
  return runs;
}

// ---- ends
enum class end { flush, flush_within, finish, finish_within, finish_within_no_time, stop, stop_and_finish, destroy };
inline constexpr char const* end_names[] = {"flush", "flush_within", "finish", "finish_within", "finish_within no time", "stop", "stop and finish", "destroy"};
constexpr auto cuts(end e) -> bool { return e >= end::finish_within_no_time; }

/// What is wrong with what it says; empty: nothing.
template <typename Runner>
auto do_end(end e, Runner& run) -> std::string {
  using namespace std::chrono_literals;
  auto const before = mr::snapshot(run);
  auto const passed = [&] {
    auto const after = mr::snapshot(run);
    bool done = after.events.done >= before.events.published;
    for (std::size_t r = 0; r < after.further.size(); ++r) done = done && after.further[r].done >= before.further[r].published;
    return done;
  };
  switch (e) {
    case end::flush: return run.flush() == mr::status::ok && !passed() ? "flush came back too early" : "";
    case end::flush_within: return run.flush_within(0ns) == mr::status::ok && !passed() ? "flush_within came back too early" : "";
    case end::finish: return run.finish().done == run.finish().done ? "" : "two reports";
    case end::finish_within: return run.finish_within(1h).stopped ? "finish_within stopped it" : "";
    case end::finish_within_no_time: return run.finish_within(0ns).stuck.empty() ? "" : "somebody is stuck";
    case end::stop_and_finish: run.stop(); return run.finish().left == run.finish_within(0ns).left ? "" : "two reports";
    case end::stop: run.stop(); return "";
    case end::destroy: break;
  }
  return "";
}

/// Each end at each point between two turns of the workers and two events, also while a plan changes. Returns how many runs that were.
template <typename Shape, typename Tell>
auto end_at_every_turn(Tell tell) -> long {
  long runs = 0;
  for (std::size_t m = 1; m < std::size(machines); ++m)
    for (auto const e : {end::flush, end::flush_within, end::finish, end::finish_within, end::finish_within_no_time, end::stop, end::stop_and_finish, end::destroy})
      for (bool const plan_changes : {false, true})
        for (int n = 0;; ++n) {
          witness w{-1};
          std::string wrong;
          int turn = 0;
          auto const o = run_once<Shape>(w, machines[m], [&](auto& run) {
            if (turn++ != n) return;
            if (plan_changes) static_cast<void>(run->apply(mr::fused));
            if (machines[m].paused && e <= end::flush_within) run->start();  // else it would wait for ever
            wrong = do_end(e, *run);
            if (e == end::destroy) run.reset();
          });
          ++runs;
          bool const ended = turn > n;
          if (wrong.empty()) wrong = verdict{Shape::plan(), w, o, Shape::from == source::own, ended && cuts(e)}.text();
          if (!wrong.empty()) {
            tell("machine " + std::to_string(m) + ", " + end_names[static_cast<std::size_t>(e)] + " at turn " + std::to_string(n) + (plan_changes ? " with a new plan; " : "; ") + wrong);
            return runs;
          }
          if (!ended) break;
        }
  return runs;
}
/// Each end from within each call: of a handler, where those that wait are refused, and of who fills an event.
template <typename Shape, typename Tell>
auto end_in_every_call(Tell tell) -> long {
  long runs = 0;
  for (std::size_t m = 1; m < std::size(machines); ++m)
    for (auto const e : {end::flush, end::flush_within, end::finish, end::finish_within, end::finish_within_no_time, end::stop, end::stop_and_finish})
      for (long k = 1;; ++k) {
        witness w{k};
        std::string wrong;
        auto const o = run_once<Shape>(w, machines[m], [&](auto& run) {
          if (!w.act) w.act = [&] { wrong = do_end(e, *run); };
        });
        ++runs;
        if (wrong.empty()) wrong = verdict{Shape::plan(), w, o, Shape::from == source::own, w.reached() && (e == end::stop || (!w.has_thrown() && cuts(e)) || (w.has_thrown() && e == end::stop_and_finish))}.text();
        if (!wrong.empty()) {
          tell("machine " + std::to_string(m) + ", " + end_names[static_cast<std::size_t>(e)] + " in call " + std::to_string(k) + "; " + what_threw(w) + " threw; " + wrong);
          return runs;
        }
        if (!w.reached()) break;
      }
  return runs;
}

}  // namespace every_call
