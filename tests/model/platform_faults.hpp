// SPDX-License-Identifier: MIT
// Places where a run may be told to fail: the k-th time a site is passed, or to be late.
#pragma once
#include <cstdint>
#include <stdexcept>

#include <millrace/sync/site.hpp>

#include "model/simulation.hpp"

namespace millrace::model {

/// What fault<site>() throws.
struct injected_fault : std::runtime_error {
  injected_fault() : std::runtime_error{"injected fault"} {}
};

/// Set by a scenario for the run under way.
struct fault_plan {
  fault_site where{};
  std::uint32_t kth = 0;       // 1: the first time; 0: never
  std::uint32_t passed = 0;    // how often the site was passed
  std::uint32_t lingers = 0;   // instead of a throw: lets others run so many steps
  std::uint32_t run = 0;
};
inline fault_plan planned_fault;

/// The k-th pass of `where` in this run throws, or lingers for some steps.
inline void plan_fault(fault_site where, std::uint32_t kth, std::uint32_t lingers = 0) noexcept {
  planned_fault = {where, kth, 0, lingers, world.number()};
}

inline void fault_point(fault_site where) {
  auto& p = planned_fault;
  if (p.kth == 0 || p.run != world.number() || p.where != where || !world.running()) return;
  if (++p.passed != p.kth) return;
  if (world.tracing()) world.note(p.lingers == 0 ? "an injected fault" : "lingers");
  if (p.lingers == 0) throw injected_fault{};
  for (std::uint32_t i = 0; i < p.lingers; ++i) world.hint();
}

}  // namespace millrace::model
