// SPDX-License-Identifier: MIT
// What a core does to all the stages on it. Neighbours of a virtual machine, and whoever computes on the same core, make all of them take longer
// alike, and the operating system knows nothing of it.
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/sample.hpp>

namespace millrace::scheduling {

/// How long a stage took on one worker, in one period.
struct pace_clue {
  std::size_t stage = 0;
  double weight = 0;  // its work there
  double took = 1;    // times as long as it should have
  double events = 0;
  double doubt = 0;   // three standard errors, relative
};
using pace_clues = std::vector<pace_clue>;
inline constexpr double clear_pace = 1.2;  // times as long: less is no matter

[[nodiscard]] inline auto weight_of(pace_clues const& clues) noexcept -> double {
  double sum = 0;
  for (auto const& c : clues) sum += c.weight;
  return sum;
}
/// The value that `part` of the work does not exceed.
template <typename Value>
[[nodiscard]] auto quantile(pace_clues clues, double part, Value value) -> double {
  std::sort(clues.begin(), clues.end(), [&](pace_clue const& x, pace_clue const& y) { return value(x) < value(y); });
  auto left = part * weight_of(clues);
  for (auto const& c : clues)
    if (left -= c.weight; left <= 0) return value(c);
  return value(clues.back());
}

/// What the stages of a worker tell of its core: those that make a twentieth of its work each. `bare` is how long each stage took.
[[nodiscard]] MILLRACE_COLD inline auto clues_of(std::size_t worker, history const& h, sample const& s, stage_models const& model, std::vector<double> const& bare) -> pace_clues {
  auto const v = visits(model);
  pace_clues all;
  double work = 0;
  for (std::size_t i = 0; i < model.size(); ++i) {
    auto const lanes = h.now.lanes(worker, i);
    if (lanes == 0) continue;
    auto const share = model[i].share(lanes), weight = model[i].work * v[i] * share;
    work += weight;
    auto const& l = h.learned[i];
    auto const& x = s.stages[i];
    if (!(bare[i] > 0) || l.trial.on || !(l.time.items > 0)) continue;
    auto took = bare[i] / (l.time.mean * h.cores[worker].pace);
    if (share < 0.999) {
      bool const even = model[i].dealt < dealing::by_key || x.lane_events.size() == most_lanes;
      if (x.worker_ns.size() == h.now.workers() && !model[i].levels && even) took *= x.worker_ns[worker] / (share * x.timed_ns);
      else took = (took - 1 + share) / share;  // if the others are as fast as they should be
    }
    auto const events = share * x.timed_events;
    all.push_back({.stage = i, .weight = weight, .took = took, .events = events, .doubt = 3 * root(l.noise / events + l.time.error() * l.time.error())});
  }
  all.erase(std::remove_if(all.begin(), all.end(), [&](pace_clue const& c) { return c.weight < 0.05 * work || !(c.took > 0); }), all.end());
  return all;
}

/// How much times scatter that have nothing in common: what a stage is off by from the others of its worker, between one period and the next.
MILLRACE_COLD inline void learn_noise(history& h, pace_clues const& clues) noexcept {
  double common = 0;
  for (auto const& c : clues) common += c.weight * c.took;
  for (auto const& c : clues) {
    auto& l = h.learned[c.stage];
    auto const off = c.took * weight_of(clues) / common - 1, step = off - std::exchange(l.aside, off);
    l.noise += 0.05 * (least(step * step * c.events / 2, 4 * l.noise) - l.noise);
  }
}

[[nodiscard]] constexpr auto at_least(pace_clue const& c) noexcept -> double { return c.took / (1 + c.doubt); }
[[nodiscard]] constexpr auto at_most(pace_clue const& c) noexcept -> double { return c.took * (1 + c.doubt); }
/// How many times as long, if that is clear.
[[nodiscard]] constexpr auto beyond_doubt(pace_clue const& c) noexcept -> double { return at_least(c) > clear_pace || at_most(c) < 1 / clear_pace ? c.took : 1; }

/// How many times as long all of them took. 1 unless three quarters of the work took a fifth longer, or shorter, beyond doubt, and so did three quarters of what is left without
/// the heaviest stage: one alone is not all.
[[nodiscard]] MILLRACE_COLD inline auto common_pace(pace_clues clues) -> double {
  auto const all_of_it = weight_of(clues);
  clues.erase(std::remove_if(clues.begin(), clues.end(), [](pace_clue const& c) { return c.doubt > 0.5; }), clues.end());
  if (clues.size() < 2 || weight_of(clues) < 0.5 * all_of_it) return 1;
  auto const typical = quantile(clues, 0.5, [](pace_clue const& c) { return c.took; });
  auto rest = clues;
  rest.erase(std::max_element(rest.begin(), rest.end(), [](pace_clue const& x, pace_clue const& y) { return x.weight < y.weight; }));
  if (quantile(clues, 0.25, at_least) > clear_pace && quantile(rest, 0.25, at_least) > clear_pace) return typical;
  if (quantile(clues, 0.75, at_most) < 1 / clear_pace && quantile(rest, 0.75, at_most) < 1 / clear_pace) return typical;
  return 1;
}

/// By worker, how many times as long as on the fastest core everything took in this period. One stage alone tells nothing, unless other cores are
/// slow as well, or its own was believed to be and now is not.
[[nodiscard]] MILLRACE_COLD inline auto paces(history& h, sample const& s, stage_models const& model, std::vector<double> const& bare) -> std::vector<double> {
  auto const workers = h.now.workers() < h.cores.size() ? h.now.workers() : h.cores.size();
  std::vector<double> all(h.now.workers(), 1.0), alone(workers, 1.0);
  bool slow = false;
  for (std::size_t w = 0; w < workers; ++w) {
    if (!h.now.employs(w)) continue;
    auto const clues = clues_of(w, h, s, model, bare);
    if (clues.size() > 1) learn_noise(h, clues);
    if (clues.size() == 1) alone[w] = beyond_doubt(clues[0]);
    auto const common = common_pace(clues);
    slow = slow || common > 1;
    all[w] = most(1, h.cores[w].pace * common);
  }
  for (std::size_t w = 0; w < workers; ++w)
    if ((alone[w] > 1 && slow) || alone[w] < 1) all[w] = most(1, h.cores[w].pace * alone[w]);
  return all;
}

/// Whether a core was at another pace than is believed of it.
[[nodiscard]] constexpr auto off_pace(core_history const& c, double pace) noexcept -> bool { return pace > 1.1 * c.pace || pace < 0.9 * c.pace; }

/// Another pace is believed once it has lasted: visits of some hundredths of a second are not worth a change of plan.
MILLRACE_COLD inline void learn_pace(core_history& c, double pace, bool employed, sample const& s, tuning const& t) noexcept {
  if (employed) c.paced_at = s.at;
  else if (s.at - c.paced_at > t.doubt) c.pace = 1;
  auto const off = pace / c.pace - 1;
  bool const is_off = employed && off_pace(c, pace);
  if (!is_off || c.off_pace_sum * off < 0) c.off_pace_for = c.off_pace_sum = 0;
  if (!is_off) return;
  c.off_pace_for += s.seconds, c.off_pace_sum += off * s.seconds;
  if (c.off_pace_for < t.paced) return;
  c.pace = most(1, c.pace * (1 + c.off_pace_sum / c.off_pace_for));
  c.off_pace_for = c.off_pace_sum = 0;
}

/// A stage that has just come from a core that is believed to be slow, and takes no less where it is now: it was not the core. What it has
/// is then the stages' again. Called while a change is new.
MILLRACE_COLD inline void doubt_paces(history& h, stage_models const& model, std::vector<double> const& bare) noexcept {
  for (std::size_t w = 0; w < h.cores.size() && w < h.before.workers(); ++w) {
    auto& c = h.cores[w];
    double as_slow_here = 0, faster_here = 0;
    for (std::size_t i = 0; i < model.size() && c.pace > clear_pace; ++i) {
      if (degree_of(h.before, i) != 1 || degree_of(h.now, i) != 1 || h.before.lanes(w, i) == 0 || h.now.lanes(w, i) != 0 || !(bare[i] > 0)) continue;
      (bare[i] > h.learned[i].time.mean * root(c.pace) ? as_slow_here : faster_here) += model[i].work;
    }
    if (as_slow_here <= faster_here) continue;
    for (std::size_t i = 0; i < model.size(); ++i)
      if (auto& t = h.learned[i].time; t.items > 0 && degree_of(h.before, i) == 1 && h.before.lanes(w, i) != 0) t.restart(t.mean * c.pace, t.items);
    c.pace = 1, c.off_pace_for = c.off_pace_sum = 0;
  }
}

/// What all cores that work have in common may as well be called the stages' doing: the fastest is at 1.
MILLRACE_COLD inline void share_a_pace(history& h) noexcept {
  double fastest = unbounded;
  for (std::size_t w = 0; w < h.cores.size(); ++w)
    if (h.now.employs(w)) fastest = least(fastest, h.cores[w].pace);
  if (!(fastest > 1) || fastest == unbounded) return;
  for (std::size_t w = 0; w < h.cores.size(); ++w)
    if (h.now.employs(w)) h.cores[w].pace /= fastest;
  for (auto& l : h.learned)
    if (l.time.items > 0) l.time.restart(l.time.mean * fastest, l.time.items);
}

}  // namespace millrace::scheduling
