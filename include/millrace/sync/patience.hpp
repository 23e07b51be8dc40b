// SPDX-License-Identifier: MIT
// One spell of waiting under a policy: when to pause, when to yield, when to rest. And the loop that everybody waits with who
// holds nothing.
#pragma once
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/base/function_view.hpp>
#include <millrace/sync/event_count.hpp>
#include <millrace/sync/wait_policy.hpp>

namespace millrace {

/// No deadline.
inline constexpr std::int64_t for_ever = INT64_MAX;

/// A sleep that is over at once was a mistake: it cost the waker ten microseconds and the sleeper fifty. So look longer next
/// time; and less after a sleep that lasted. (With a fixed 5 us, a producer and a consumer of a small ring convoy at the pace
/// of wake-ups.)
///
/// And a yield that took a time slice was a mistake too: other programs want this core, and with every look they get it for
/// milliseconds, while a sleeper who is woken preempts them. So rest without yields for some spells.
template <typename Platform>
class patience {
 public:
  explicit patience(wait_policy const& p = {}) noexcept : policy_{p}, budget_{p.yields.count()} {}

  [[nodiscard]] auto policy() const noexcept -> wait_policy const& { return policy_; }
  /// There was something to do.
  void busy() noexcept { looks_ = 0, interrupted_ = false; }
  /// How many looks have found nothing; counts no further than to the first look behind the pauses.
  [[nodiscard]] auto looks() const noexcept -> std::uint32_t { return looks_; }

  /// One fruitless look: pauses or yields. True: looking has not helped, rest now.
  [[nodiscard]] auto exhausted() noexcept -> bool;
  void before_rest() noexcept {
    if (!interrupted_) rested_at_ = policy_.adapts ? Platform::now() : 0;
  }
  /// `woken`: somebody ended it. If it ended because its time was up, that says nothing of how soon somebody would have come; the next one, if
  /// there was nothing to do in between, goes on with it.
  void after_rest(bool woken = true) noexcept;

 private:
  static constexpr std::int64_t least = 4'000, most = 200'000, too_short = 200'000, long_enough = 2'000'000;  // ns
  static constexpr std::int64_t a_slice = 500'000;  // ns; schedulers give a thread 0.75 to 4 ms
  static constexpr std::uint32_t crowded_for = 256;  // spells
  static constexpr auto within(std::int64_t b) noexcept -> std::int64_t { return b < least ? least : (b < most ? b : most); }

  wait_policy policy_;
  std::int64_t budget_;
  std::int64_t since_ = 0, looked_at_ = 0, rested_at_ = 0;
  std::uint32_t looks_ = 0, crowded_ = 0;
  bool interrupted_ = false;  // the last rest was, and there has been nothing to do since
};

/// Waits until `ready()` or the deadline (of Platform::now()), and says whether it is ready.
///
/// Called by  a thread that holds no lane. `announce` sets its bit wherever progress could make `ready()` true.
/// Waits      as the policy says.
template <typename Platform>
MILLRACE_COLD auto wait_until(patience<Platform>& look, event_count<Platform>& sleep, std::int64_t deadline, function_view<bool()> ready, function_view<void()> announce)
    -> bool;

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/sync/patience.ipp>
#endif
