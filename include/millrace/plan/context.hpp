// SPDX-License-Identifier: MIT
// The situation that plans were made for, and whether it is still the same.
#pragma once
#include <cstddef>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/history.hpp>

namespace millrace::scheduling {

/// Of an event at all stages, with these times for one that comes to each.
[[nodiscard]] MILLRACE_COLD inline auto all_work(stage_models const& model) -> double {
  double work = 0;
  auto const v = visits(model);
  for (std::size_t i = 0; i < model.size(); ++i) work += model[i].work * v[i];
  return work;
}
/// What each stage has of it for an event that comes to it: a core that is faster now than a minute ago makes no other situation.
[[nodiscard]] MILLRACE_COLD inline auto shares_of_work(stage_models const& model) -> std::vector<double> {
  auto const all = all_work(model);
  std::vector<double> shares;
  for (auto const& m : model) shares.push_back(m.work / all);
  return shares;
}

[[nodiscard]] constexpr auto far_off(double a, double b, double tolerance) noexcept -> bool { return a > b * (1 + tolerance) || a < b * (1 - tolerance); }

/// Whether times or the load are others than in `h.context`. That all takes a third longer than a minute ago, on cores that give less, is no other
/// situation; that one stage does, or all twice as long, is.
[[nodiscard]] MILLRACE_COLD inline auto is_another(history const& h, stage_models const& model, double load, double noise) -> bool {
  auto const n = model.size();
  auto const& context = h.context;
  if (context.size() != n + 1) return true;
  auto const tolerated = h.asked.tuned.context;
  auto const v = visits(model);
  double then = 0, largest = 0;  // what is little beside it may move as it likes
  for (std::size_t i = 0; i < n; ++i) then += v[i] * context[i], largest = most(largest, model[i].work);
  auto const all = all_work(model) / then;
  if (far_off(all, 1, 0.6) || far_off(load * all, context[n], most(tolerated, 4 * noise))) return true;
  for (std::size_t i = 0; i < n; ++i) {
    auto const was = context[i] * all, differs = most(model[i].work - was, was - model[i].work);
    if (far_off(model[i].work, was, most(tolerated, 4 * h.learned[i].time.error())) && differs > 0.5 * tolerated * largest) return true;
  }
  return false;
}

}  // namespace millrace::scheduling
