// SPDX-License-Identifier: MIT
// How long an event takes under a plan: work, and at each worker it comes to the wait for those before it.
#pragma once
#include <cstddef>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>

namespace millrace::scheduling {

/// Nanoseconds on the average, by Kingman's formula for each worker (arrivals and service as scattered as given: squared coefficients
/// of variation); unbounded if a worker is full. Branches count one after the other: an upper bound.
[[nodiscard]] MILLRACE_COLD inline auto latency_of(stage_models const& s, machine_model const& m, plan const& p, double load, double arrivals = 1, double service = 1) -> double {
  auto const n = s.size();
  auto const c = price(s, m, p);
  auto const v = visits(s);
  std::vector<double> wait(p.workers(), 0.0);
  for (std::size_t w = 0; w < p.workers(); ++w) {
    double widest = 0;
    for (std::size_t i = 0; i < n; ++i) widest = most(widest, s[i].share(p.lanes(w, i)));
    if (widest <= 0) continue;
    auto const full = load * c.load[w] / most(m.able[w], 1e-9);
    if (full >= 1) return unbounded;
    wait[w] = full / (1 - full) * (arrivals + service) / 2 * c.load[w] / widest;
  }
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    sum += s[i].work * v[i] + c.surcharge[i];
    for (std::size_t w = 0; w < p.workers(); ++w)
      if (p.lanes(w, i) != 0 && (i == 0 || p.lanes(w, i - 1) == 0)) sum += s[i].share(p.lanes(w, i)) * wait[w];  // it comes to this worker
  }
  return sum;
}

}  // namespace millrace::scheduling
