// SPDX-License-Identifier: MIT
// What the scheduler is told: counts and times of a period, as plain numbers. Who measures them is not its business.
#pragma once
#include <vector>

namespace millrace::scheduling {

struct ring_sample {
  double depth = 0;  ///< events published and not yet through
  double capacity = 1;
};
struct stage_sample {
  double events = 0, passed = 0;               ///< that came in, and went on
  double timed_events = 0, timed_ns = 0;       ///< in batches that were timed stage by stage, what stands before the handler included
  std::vector<double> worker_ns{};             ///< of `timed_ns`, by worker; empty: not told apart
  std::vector<double> lane_events{};           ///< of each of 64 lanes; empty: not counted, or even
};
struct worker_sample {
  bool ran = false;      ///< the plan employed it
  double busy_ns = 0;    ///< in batches, exact: without waiting, without time off the core
  double waited_ns = 0;  ///< starved, blocked or asleep, on nobody's account but the pipeline's
  double runq_ns = 0;    ///< it could have run, and somebody else had its core
};
/// How long a worker was at work in `ns`, of which the clock says that it was in batches for `spent_ns`: who stands in line for a core
/// does so as often in batches as elsewhere.
[[nodiscard]] constexpr auto at_work(double spent_ns, double runq_ns, double ns) noexcept -> double {
  auto const share = ns > spent_ns ? spent_ns / ns : 1;
  return spent_ns > runq_ns * share ? spent_ns - runq_ns * share : 0;
}
struct producer_sample {
  double published = 0;  ///< events
  double blocked = 0;    ///< share of the period in which it found no room (or of its tries, if it does not wait)
};

/// A period. Times are in nanoseconds but for `at` and `seconds`.
struct sample {
  double at = 0;       ///< when the period ended, in seconds of any clock that only goes on
  double seconds = 0;  ///< how long it was
  std::vector<ring_sample> rings{};  ///< the first is the one that producers fill
  std::vector<stage_sample> stages{};
  std::vector<worker_sample> workers{};
  std::vector<producer_sample> producers{};
  double cores = 1e9;                          ///< that may be used: processors allowed, or the quota of the group if that is less
  double near_round_trip = 0, far_round_trip = 0;  ///< measured between cores that share a cache, and that do not; 0: as before
  double batch = 64, event_bytes = 64;         ///< as it comes: events handed over at once
};

}  // namespace millrace::scheduling
