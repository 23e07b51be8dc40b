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
  bool again = false;          // at every k-th
  std::uint32_t passed = 0;    // how often the site was passed
  std::uint32_t lingers = 0;   // instead of a throw: lets others run so many steps
  std::uint32_t run = 0;
};
inline fault_plan planned_fault;

/// The k-th pass of `where` in this run, or every k-th, throws, or lingers for some steps.
inline void plan_fault(fault_site where, std::uint32_t kth, std::uint32_t lingers = 0, bool again = false) noexcept {
  planned_fault = {where, kth, again, 0, lingers, world.number()};
}
/// In half of the runs somebody is late: at the k-th take, put, publish or park, or at every k-th.
inline void somebody_is_late() noexcept {
  constexpr fault_site sites[] = {fault_site::take, fault_site::put, fault_site::publish, fault_site::park};
  if (one_of(2) == 0) return;
  auto const where = sites[one_of(4)];
  auto const kth = 1 + one_of(3);
  auto const lingers = 1 + one_of(6);
  plan_fault(where, kth, lingers, one_of(2) == 1);
}

inline void fault_point(fault_site where) {
  auto& p = planned_fault;
  if (p.kth == 0 || p.run != world.number() || p.where != where || !world.running()) return;
  ++p.passed;
  if (p.again ? p.passed % p.kth != 0 : p.passed != p.kth) return;
  if (world.tracing()) world.note(p.lingers == 0 ? "an injected fault" : "lingers");
  if (p.lingers == 0) throw injected_fault{};
  for (std::uint32_t i = 0; i < p.lingers; ++i) world.hint();
}

}  // namespace millrace::model
