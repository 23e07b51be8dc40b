// SPDX-License-Identifier: MIT
// What a change of its degree did to a stage's time: crowding, or nothing.
#pragma once
#include <cstddef>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/running_mean.hpp>

namespace millrace::scheduling {

/// A step in a stage's time at a change of its degree is blamed on the degree, and else belongs to the stage.
MILLRACE_COLD inline void end_trial(stage_history& l) noexcept {
  auto const trial = std::exchange(l.trial, {});
  if (!trial.on || trial.items <= 0 || l.time.mean <= 0) return;
  auto const x = trial.sum / trial.items;
  auto const scatter = l.time.seen < 50 ? most(l.time.scatter, 4) : l.time.scatter;
  auto const doubt = 3 * root(scatter / trial.items + scatter / l.time.items);
  auto const excess = x / l.time.mean - 1, more = trial.degree - 1;
  if (excess > 0.1 + doubt || (l.crowding > 0 && doubt < 0.1)) l.crowding = within(excess / more, 0, 1);
  else if (l.crowding > 0 && excess + doubt < l.crowding * more) l.crowding = most(0, excess + doubt) / more;
  else l.time.add(x / (1 + l.crowding * more), trial.items, l.time.items);
}
MILLRACE_COLD inline void end_trials(history& h) noexcept {
  for (auto& l : h.learned) end_trial(l);
}

/// The plan becomes `next`. Stages that get another degree above one are put on trial if `blame`, and if their times were known: to 15 %, and not just about to move.
MILLRACE_COLD inline void begin_trials(history& h, plan const& next, bool blame) noexcept {
  for (std::size_t i = 0; i < h.learned.size(); ++i) {
    auto& l = h.learned[i];
    auto const after = degree_of(next, i);
    bool const on = blame && l.time.error() < 0.15 && !l.time.suspected() && after > 1 && after != degree_of(h.now, i);
    l.trial = {.on = on, .degree = static_cast<double>(after)};
    l.time.forget_suspicions();
  }
}

}  // namespace millrace::scheduling
