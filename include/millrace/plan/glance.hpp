// SPDX-License-Identifier: MIT
// Between two samples: one look at the first ring, and whether it is a reason not to wait for the end of the period.
#pragma once

#include <millrace/base/config.hpp>
#include <millrace/plan/history.hpp>

namespace millrace::scheduling {

/// The ring that producers fill, as anybody can see it without asking a worker. All but the depth are totals.
struct glance {
  double at = 0;  ///< seconds, by the clock of the samples
  double published = 0, turned_away = 0, blocked_ns = 0;
  double depth = 0, capacity = 1;
};

/// Between `was` and `is` came more than the plan carries, of which the last sample knew nothing: a fresh, short period is to begin. An
/// alarm is no sample: it begins one, and nothing is decided from it alone.
/// Waits      never.
[[nodiscard]] MILLRACE_COLD inline auto alarming(history const& h, glance const& was, glance const& is) noexcept -> bool {
  auto const& t = h.asked.tuned;
  if (h.full || is.at - h.changed_at < t.dwell || is.at - h.alarmed_at < t.dwell) return false;
  auto const ns = (is.at - was.at) * 1e9, published = is.published - was.published, away = is.turned_away - was.turned_away;
  if (!(ns > 0)) return false;
  auto const blocked = least(most((is.blocked_ns - was.blocked_ns) / ns, away > 0 ? away / (away + published) : 0), 0.95);
  if (blocked > 0.25 || (is.depth > 0.5 * is.capacity && was.depth < is.depth)) return true;
  auto const asked = published * (1 - least(3 / root(most(published, 1)), 1)) / ns / (1 - blocked);
  return h.carries > 0 && asked > t.up * h.carries;
}

/// The period that began before the alarm is forgotten: a short one begins.
inline void alarmed(history& h, double at) noexcept { h.alarmed_at = at, h.next_period = h.asked.tuned.glance; }

}  // namespace millrace::scheduling
