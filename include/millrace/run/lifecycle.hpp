// SPDX-License-Identifier: MIT
// How far a runner's life has come, and how it ended.
#pragma once
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/flag_set.hpp>

namespace millrace {

/// In this order; never back.
enum class life : std::int64_t {
  paused,    ///< takes events, runs nothing
  running,
  draining,  ///< the last event is known: stages close when they have passed it
  stopping,  ///< stages close at the next batch boundary
  over,      ///< every stage is closed
};

/// What a handler threw, and where.
struct failure {
  std::exception_ptr error;
  std::size_t stage = 0;
  sequence at = 0;
  std::string_view guest{};  // its name, if it is a tap that came while it ran, and no stage
};

/// Read by workers at every turn: one load of a line that is written a few times in all.
template <typename Platform>
class lifecycle {
 public:
  explicit lifecycle(std::size_t stages) noexcept : all_{stages == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << stages) - 1} {}

  // ---- any thread
  [[nodiscard]] auto now() const noexcept -> life { return static_cast<life>(life_.published()); }
  [[nodiscard]] auto closed(std::size_t stage) const noexcept -> bool { return (closed_.raised() >> stage & 1) != 0; }
  [[nodiscard]] auto members() const -> std::size_t;
  [[nodiscard]] auto how_it_failed() const -> failure;
  [[nodiscard]] auto was_stopped() const -> bool;

  // ---- changes; who makes one alerts everybody afterwards
  /// Says whether this call has started it.
  [[nodiscard]] auto start() -> bool;
  /// `close()` lets nothing more in, and sets the end. Called under the lock, so by one thread at a time.
  void drain(function_view<void()> close);
  void stop(function_view<void()> close);
  /// The first failure counts; it stops the runner.
  void fail(failure const& what, function_view<void()> close);
  /// It was stopped or has failed: what has not been done will not be.
  [[nodiscard]] auto broken_off() const -> bool;
  /// Called by  the holder of the stage, for the last time.
  void close(std::size_t stage);
  void joins();
  /// Somebody who comes while it runs. False: it ends, and whoever waits for the end may not wait for him.
  [[nodiscard]] auto joins_late() -> bool;
  /// `alert` is called when nobody is left; under the lock, so that who sees that may destroy what it touches.
  void leaves(function_view<void()> alert);

 private:
  void advance_to(life to) noexcept { life_.publish(static_cast<sequence>(to)); }

  using version = cursor<Platform, site::version_publish, site::version_read>;
  version life_;
  flag_set<Platform> closed_;
  std::uint64_t all_;
  mutable typename Platform::mutex mutex_;
  std::size_t members_ = 0;  // workers that may still touch the runner
  failure failure_;
  bool stopped_ = false;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/lifecycle.ipp>
#endif
