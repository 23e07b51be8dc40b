// SPDX-License-Identifier: MIT
// What a change brought, against what it promised.
#pragma once
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/history.hpp>
#include <millrace/plan/running_mean.hpp>
#include <millrace/plan/sample.hpp>

namespace millrace::scheduling {

enum class verdict : std::uint32_t {
  none,    ///< not yet
  over,    ///< and there will be none
  good,    ///< it stays
  guilty,  ///< it brought far less than it promised
};
struct finding {
  verdict said = verdict::none;
  double got = 0;  ///< good or guilty: times the rate before
};

/// Looks at one more period after a change; `left` events went out of the first ring in it. A verdict needs more events than chance can play with.
[[nodiscard]] MILLRACE_COLD inline auto verify(history& h, sample const& s, double left, double blocked) noexcept -> finding {
  auto const& t = h.asked.tuned;
  auto& c = h.verified;
  auto const since = s.at - h.changed_at;
  bool const late = since >= t.verify_until;
  if (c.to_drain > 0) {  // until then the old plan's queues are worked off, which goes faster or slower than the plan does
    c.to_drain -= left;
    return {late ? verdict::over : verdict::none};
  }
  if (h.visited && !late) return {};
  c.seconds += s.seconds, c.events += left, c.blocked += blocked * s.seconds;
  if (since < t.verify - 1e-9) return {};
  auto const chance = 9 * root(1 / most(c.events, 1) + 1 / most(c.events_before, 1));  // that times with a CV of 3 have
  bool const clear = (c.promised - 1) * (1 - t.efficiency) > chance;
  if (!clear && !late) return {};
  auto const got = c.rate_before > 0 ? c.events / (c.seconds * 1e9) / c.rate_before : 1;
  bool const full = c.blocked > 0.10 * c.seconds && c.blocked_before > 0.10;  // before and after the plan was the limit
  bool const too_little = full && clear && c.promised >= 1.05 && got - 1 < t.efficiency * (c.promised - 1);
  return {too_little ? verdict::guilty : verdict::good, got};
}

}  // namespace millrace::scheduling
