// SPDX-License-Identifier: MIT
// Where the plan hangs: anybody may hang up another one, workers read it at their batch boundaries. And who is aboard, which
// means hired to read it: whoever finds nothing for himself goes ashore in the same moment, so that a later plan hires him again.
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/base/status.hpp>
#include <millrace/plan/plan.hpp>
#include <millrace/run/lifecycle.hpp>
#include <millrace/sync/cursor.hpp>

namespace millrace {

template <typename Platform>
class plan_board {
 public:
  explicit plan_board(lifecycle<Platform>& course) noexcept : course_{course} {}

  [[nodiscard]] auto current() const -> plan;
  /// Grows with every plan.
  [[nodiscard]] auto version() const noexcept -> sequence { return version_.published(); }

  /// Hangs up a plan. `hire(worker)` is called for each whom it employs and who is not aboard, unless the runner is paused;
  /// `alert(mask)` at last, for those who find something else in it than in the one before. `closed` if the runner stops.
  /// Throws     what `hire` throws: then the old plan stays, and whoever was hired for this one leaves again.
  MILLRACE_COLD auto post(plan const& p, function_view<void(std::size_t)> hire, function_view<void(std::uint64_t)> alert) -> status;
  /// The same plan again: every worker looks at what else has changed, at its next batch boundary.
  MILLRACE_COLD void turn_over() {
    turn_over([] {});
  }
  /// With `first` done before, which readers see.
  MILLRACE_COLD void turn_over(function_view<void()> first);
  /// Lets a paused runner run. Throws what `hire` throws: then some are aboard, and `stop` was called before anybody else could see
  /// it run.
  MILLRACE_COLD void start(function_view<void(std::size_t)> hire, function_view<void()> stop);
  /// The plan employs the worker, but he could not be hired.
  [[nodiscard]] auto misses(std::size_t worker) const -> bool;

  /// Called by  a worker at a batch boundary. `adopt(plan)` takes note of what it says, before another one can be hung up. False: it
  ///            has nothing for the worker, who is no longer aboard.
  MILLRACE_COLD auto read(std::size_t worker, sequence& version, function_view<void(plan const&)> adopt) noexcept -> bool;

 private:
  [[nodiscard]] auto aboard(std::size_t worker) const noexcept -> bool { return (aboard_ >> worker & 1) != 0; }
  MILLRACE_COLD void employ(plan const& p, function_view<void(std::size_t)> hire);

  lifecycle<Platform>& course_;
  cursor<Platform, site::version_publish, site::version_read> version_;
  mutable typename Platform::mutex mutex_;
  plan plan_;
  std::uint64_t aboard_ = 0;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/plan_board.ipp>
#endif
