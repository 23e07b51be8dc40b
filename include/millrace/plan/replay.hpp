// SPDX-License-Identifier: MIT
// Samples and histories as text, exact to the bit, so that a decision can be made again elsewhere.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/plan/decide.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/sample.hpp>

namespace millrace::scheduling {

// What a value consists of, for both directions.
template <typename A> void fields(A& a, running_mean::suspicion& x) { a(x.likelihood, x.sum, x.count); }
template <typename A> void fields(A& a, running_mean& x) { a(x.mean, x.items, x.scatter, x.seen, x.before, x.lean, x.up, x.down, x.doubled, x.halved); }
template <typename A> void fields(A& a, hand_over& x) { a(x.hop, x.share); }
template <typename A> void fields(A& a, stage_model& x) { a(x.work, x.selectivity, x.dealt, x.after, x.together, x.apart, x.most_workers, x.pinned, x.lane_shares, x.levels, x.crowding); }
template <typename A> void fields(A& a, machine_model& x) { a(x.able, x.cache, x.near, x.far, x.producer, x.produce); }
template <typename A> void fields(A& a, tuning& x) {
  a(x.period, x.longest_period, x.glance, x.target, x.up, x.gain, x.least_gain, x.settling, x.settled_after, x.settled_gain, x.confirm_up, x.confirm_down, x.dwell, x.warmup, x.verify, x.verify_until, x.context, x.efficiency, x.catchup, x.idle_after, x.forgiven, x.steadied, x.unsteady_gain, x.most_unsteady_gain, x.retried, x.retried_gain, x.longest_retried, x.flap_window, x.longest_window, x.memory, x.core_memory, x.believed, x.paced, x.doubt, x.longest_doubt);
}
template <typename A> void fields(A& a, settings& x) { a(x.wanted, x.most_workers, x.utilisation_cap, x.latency_ns, x.advice_only, x.fixed, x.tuned); }
template <typename A> void fields(A& a, decision& x) {
  a(x.why, x.advice, x.from, x.to, x.at, x.load, x.utilisation, x.carries_now, x.carries_then, x.gain, x.cost_ns, x.least_gain, x.measured_gain);
}
template <typename A> void fields(A& a, fading_count& x) { a(x.count, x.at); }
template <typename A> void fields(A& a, trial& x) { a(x.on, x.sum, x.items, x.degree); }
template <typename A> void fields(A& a, verification& x) { a(x.on, x.promised, x.rate_before, x.events_before, x.blocked_before, x.to_drain, x.events, x.seconds, x.blocked); }
template <typename A> void fields(A& a, stage_history& x) { a(x.time, x.selectivity, x.came, x.crowding, x.noise, x.aside, x.trial, x.lane_events); }
template <typename A> void fields(A& a, core_history& x) { a(x.able, x.doubted_until, x.doubt_for, x.pace, x.off_pace_for, x.off_pace_sum, x.paced_at); }
template <typename A> void fields(A& a, history& x) {
  a(x.asked, x.stages, x.machine, x.now, x.before, x.learned, x.cores, x.bad, x.decisions, x.loads, x.demand, x.surge, x.surge_events, x.surge_ns, x.context, x.expected);
  a(x.changed_at, x.context_at, x.down_at, x.limited_for, x.idle_for, x.began, x.next_period, x.window, x.patience, x.penance, x.small_steps, x.up_count, x.down_wait, x.verified, x.to_recheck, x.visited, x.full, x.carries, x.alarmed_at);
  a(x.limited_events, x.limited_seconds, x.depth_before, x.tried, x.changes, x.rollbacks, x.taken_back, x.unsteady, x.bad_until, x.bad_for, x.to_model);
}
template <typename A> void fields(A& a, ring_sample& x) { a(x.depth, x.capacity); }
template <typename A> void fields(A& a, stage_sample& x) { a(x.events, x.passed, x.timed_events, x.timed_ns, x.worker_ns, x.lane_events); }
template <typename A> void fields(A& a, worker_sample& x) { a(x.ran, x.busy_ns, x.waited_ns, x.runq_ns); }
template <typename A> void fields(A& a, producer_sample& x) { a(x.published, x.blocked); }
template <typename A> void fields(A& a, sample& x) { a(x.at, x.seconds, x.rings, x.stages, x.workers, x.producers, x.cores, x.near_round_trip, x.far_round_trip, x.batch, x.event_bytes); }

class text_writer {
 public:
  template <typename... T>
  void operator()(T&... x) { (one(x), ...); }
  std::string text{};

 private:
  MILLRACE_COLD void one(double x) { put("%a ", x); }
  MILLRACE_COLD void one(std::uint64_t x) { put("%llx ", static_cast<unsigned long long>(x)); }
  void one(std::uint32_t x) { one(std::uint64_t{x}); }
  void one(bool x) { one(std::uint64_t{x}); }
  template <typename T>
  void one(std::vector<T>& all) {
    one(std::uint64_t{all.size()});
    for (auto& x : all) one(x);
  }
  MILLRACE_COLD void one(plan& p) {
    one(std::uint64_t{p.workers()}), one(std::uint64_t{p.stages()});
    for (std::size_t w = 0; w < p.workers(); ++w)
      for (std::size_t i = 0; i < p.stages(); ++i) one(p.lanes(w, i));
  }
  template <typename T>
  void one(T& x) {
    if constexpr (std::is_enum_v<T>) one(static_cast<std::uint32_t>(x));
    else fields(*this, x);
  }
  template <typename T>
  void put(char const* format, T x) {
    char digits[48];
    std::snprintf(digits, sizeof digits, format, x);
    text += digits;
  }
};

class text_reader {
 public:
  explicit text_reader(char const* text) : at_{text} {}
  template <typename... T>
  void operator()(T&... x) { (one(x), ...); }
  [[nodiscard]] auto rest() const noexcept -> char const* { return at_; }

 private:
  static constexpr std::uint64_t most_items = 1 << 20;  // of a list: more is no list of ours
  MILLRACE_COLD void one(double& x) {
    char* end = nullptr;
    x = std::strtod(at_, &end);
    pass(end);
  }
  MILLRACE_COLD void one(std::uint64_t& x) {
    char* end = nullptr;
    x = std::strtoull(at_, &end, 16);
    pass(end);
  }
  void one(std::uint32_t& x) { x = static_cast<std::uint32_t>(number(0xffffffffU)); }
  void one(bool& x) { x = number(1) != 0; }
  template <typename T>
  void one(std::vector<T>& all) {
    all.clear();
    for (auto n = number(most_items); n > 0; --n) {
      T x{};
      one(x);
      all.push_back(static_cast<T&&>(x));
    }
  }
  MILLRACE_COLD void one(plan& p) {
    auto const workers = number(1 << 12), stages = number(most_stages);
    p = plan{workers, stages};
    for (std::size_t w = 0; w < workers; ++w)
      for (std::size_t i = 0; i < stages; ++i) p.give(w, i, number(~std::uint64_t{0}));
  }
  template <typename T>
  void one(T& x) {
    if constexpr (std::is_enum_v<T>) x = static_cast<T>(number(0xffffffffU));
    else fields(*this, x);
  }
  MILLRACE_COLD auto number(std::uint64_t most) -> std::uint64_t {
    std::uint64_t x = 0;
    one(x);
    if (x > most) throw bad_plan{"millrace: this text describes no history and no sample"};
    return x;
  }
  MILLRACE_COLD void pass(char const* end) {
    if (end == at_) throw bad_plan{"millrace: the text of a history or sample ends too early"};
    at_ = end;
  }
  char const* at_;
};

/// One line for a sample, a history, or both one after the other.
template <typename T>
[[nodiscard]] auto to_text(T const& x) -> std::string {
  text_writer w;
  T copy = x;
  w(copy);
  return w.text;
}
/// Throws     bad_plan if the text is none of to_text().
template <typename T>
[[nodiscard]] auto from_text(std::string const& text) -> T {
  T x{};
  text_reader r{text.c_str()};
  r(x);
  return x;
}
/// The decision that was made from this sample and history.
[[nodiscard]] MILLRACE_COLD inline auto replay(std::string const& sample_text, std::string const& history_text) -> decision {
  auto h = from_text<history>(history_text);
  return decide(from_text<sample>(sample_text), h);
}

/// Who has which stages, by their numbers: `[0 1] [2]`; of a stage that several share each has a part.
[[nodiscard]] MILLRACE_COLD inline auto describe(plan const& p) -> std::string {
  std::string out;
  for (std::size_t w = 0; w < p.workers(); ++w) {
    if (!p.employs(w)) continue;
    out += out.empty() ? "[" : " [";
    for (std::size_t s = 0, n = 0; s < p.stages(); ++s)
      if (p.lanes(w, s) != 0) out.append(n++ == 0 ? "" : " ").append(std::to_string(s));
    out += ']';
  }
  return out;
}
/// A decision for people: what, why, and the numbers.
[[nodiscard]] MILLRACE_COLD inline auto describe(decision const& d) -> std::string {
  char line[320];
  std::snprintf(line, sizeof line, "%.3f s: %s%s, %zu -> %zu workers; asked for %.4g events/us, the fullest worker at %.0f %%; carries %.4g, then %.4g (at least %.2f times asked); gain promised %.2f, measured %.2f; costs %.0f us; ",
                d.at, text(d.why), d.advice ? " (advice)" : "", employed(d.from), employed(d.to), d.load * 1e3, d.utilisation * 100, d.carries_now * 1e3, d.carries_then * 1e3, d.least_gain, d.gain, d.measured_gain, d.cost_ns / 1e3);
  return line + describe(d.from) + " -> " + describe(d.to);
}
/// A line for each.
[[nodiscard]] MILLRACE_COLD inline auto describe(std::vector<decision> const& all) -> std::string {
  std::string out;
  for (auto const& d : all) out += describe(d) + '\n';
  return out;
}
/// Into anything that takes text.
template <typename Stream>
auto operator<<(Stream& out, decision const& d) -> Stream& {
  out << describe(d);
  return out;
}

}  // namespace millrace::scheduling
