// SPDX-License-Identifier: MIT
// What a worker knows of a runner: something to do at each turn, something to put down before it sleeps. Called through a
// pointer once for some batches, never for an event.
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/sync/wait_policy.hpp>

namespace millrace {

enum class outcome : std::uint8_t {
  idle,  ///< there was nothing to do
  busy,  ///< events passed
  over,  ///< the job has ended for this worker
};

/// What somebody finds who looks again before he sleeps.
enum class prospect : std::uint8_t {
  none,   ///< nothing: he may sleep, and will be woken
  soon,   ///< the same; but a producer has claimed what he waits for, and each event that others publish behind it wakes him for nothing
  again,  ///< nothing, but he has set another bit: after another heavy barrier he has to look again
  some,   ///< something to do
};

/// All members are called by worker number `worker` of the crew, on its own thread.
class job {
 public:
  job() = default;
  job(job const&) = delete;
  auto operator=(job const&) -> job& = delete;

  /// A few batches of whatever the plan gives to the worker.
  virtual auto work(std::size_t worker) noexcept -> outcome = 0;
  /// There has been nothing to do for a while. Called again if that lasts: the worker may have got a lane only now.
  virtual void lull(std::size_t worker) noexcept = 0;
  /// Puts down all it holds: the worker has other things to do.
  virtual void put_down(std::size_t worker) noexcept = 0;
  /// The worker is going to sleep: puts down all it holds, and sets its bit wherever something may come from.
  virtual void lie_down(std::size_t worker) noexcept = 0;
  /// Whether there is something after all. Called after lie_down() and a heavy barrier, so holding nothing.
  virtual auto look_again(std::size_t worker) noexcept -> prospect = 0;
  /// When the worker is to look though nothing has happened, by the platform's clock; INT64_MAX: never. Called at last.
  virtual auto due(std::size_t worker) noexcept -> std::int64_t = 0;
  /// After work() said that it is over: the worker will not touch the job again, which may be gone when this returns.
  virtual void leave(std::size_t worker) noexcept = 0;

  [[nodiscard]] auto wait() const noexcept -> wait_policy const& { return wait_; }

 protected:
  ~job() = default;  // whoever owns one knows what it is
  wait_policy wait_{};
};

}  // namespace millrace
