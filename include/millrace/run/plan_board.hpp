// SPDX-License-Identifier: MIT
// Where the plan hangs: anybody may hang up another one, workers read it at their batch boundaries. And who is aboard, which
// means hired to read it: whoever finds nothing for himself goes ashore in the same moment, so that a later plan hires him again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>

#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/sync/cursor.hpp>

namespace millrace {

template <typename Platform>
class plan_board {
 public:
  explicit plan_board(lifecycle<Platform>& course) noexcept : course_{course} {}

  [[nodiscard]] auto current() const -> plan {
    std::lock_guard const g{mutex_};
    return plan_;
  }
  /// Grows with every plan.
  [[nodiscard]] auto version() const noexcept -> sequence { return version_.published(); }

  /// Hangs up a plan. `hire(worker)` is called for each whom it employs and who is not aboard, unless the runner is paused;
  /// `alert(mask)` at last, for those who find something else in it than in the one before. `closed` if the runner stops.
  /// Throws     what `hire` throws: then the old plan stays, and whoever was hired for this one leaves again.
  template <typename Hire, typename Alert>
  MILLRACE_COLD auto post(plan const& p, Hire hire, Alert alert) -> status {
    std::uint64_t concerned = 0;
    {
      std::lock_guard const g{mutex_};
      if (course_.now() >= life::stopping) return status::closed;
      if (course_.now() != life::paused) employ(p, hire);
      concerned = plan_.differs_for(p);
      plan_ = p;
      version_.publish(version_.own() + 1);
    }
    alert(concerned);
    return status::ok;
  }
  /// The same plan again: every worker looks at what else has changed, at its next batch boundary.
  MILLRACE_COLD void turn_over() {
    turn_over([] {});
  }
  /// With `first` done before, which readers see.
  template <typename First>
  MILLRACE_COLD void turn_over(First first) {
    std::lock_guard const g{mutex_};
    first();
    version_.publish(version_.own() + 1);
  }
  /// Lets a paused runner run. Throws what `hire` throws: then some are aboard, and `stop` was called before anybody else could see
  /// it run.
  template <typename Hire, typename Stop>
  MILLRACE_COLD void start(Hire hire, Stop stop) {
    std::lock_guard const g{mutex_};
    if (!course_.start()) return;
    try {
      employ(plan_, hire);
    } catch (...) {
      stop();
      throw;
    }
  }
  /// The plan employs the worker, but he could not be hired.
  [[nodiscard]] auto misses(std::size_t worker) const -> bool {
    std::lock_guard const g{mutex_};
    return plan_.employs(worker) && !aboard(worker);
  }

  /// Called by  a worker at a batch boundary. `adopt(plan)` takes note of what it says, before another one can be hung up. False: it
  ///            has nothing for the worker, who is no longer aboard.
  template <typename Adopt>
  MILLRACE_COLD auto read(std::size_t worker, sequence& version, Adopt adopt) noexcept -> bool {
    std::unique_lock const g{mutex_, std::try_to_lock};
    if (!g.owns_lock()) return true;  // one is being hung up just now: go on with the old one, and look again at the next boundary
    adopt(plan_);
    if (plan_.employs(worker)) return version = version_.own(), true;
    aboard_ &= ~(std::uint64_t{1} << worker);
    return version = -1, false;
  }

 private:
  [[nodiscard]] auto aboard(std::size_t worker) const noexcept -> bool { return (aboard_ >> worker & 1) != 0; }
  template <typename Hire>
  void employ(plan const& p, Hire hire) {
    for (std::size_t i = 0; i < p.workers(); ++i) {
      if (!p.employs(i) || aboard(i)) continue;
      course_.joins();  // before it can leave
      try {
        hire(i);
      } catch (...) {
        course_.leaves([] {});
        throw;
      }
      aboard_ |= std::uint64_t{1} << i;
    }
  }

  lifecycle<Platform>& course_;
  cursor<Platform, site::version_publish, site::version_read> version_;
  mutable typename Platform::mutex mutex_;
  plan plan_;
  std::uint64_t aboard_ = 0;
};

}  // namespace millrace
