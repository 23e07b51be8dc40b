// SPDX-License-Identifier: MIT
// One spell of waiting under a policy: when to pause, when to yield, when to rest. And the loop that everybody waits with who
// holds nothing.
#pragma once
#include <cstdint>

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
  [[nodiscard]] auto exhausted() noexcept -> bool {
    if (looks_ < policy_.spins) {
      ++looks_;
      Platform::relax(), Platform::relax();  // a look takes the line away from who is writing it: rare ones make round trips shorter
      return false;
    }
    if (looks_ == policy_.spins) {
      ++looks_;
      since_ = looked_at_ = Platform::now();
      if (crowded_ == 0) return policy_.then != rest::never && budget_ <= 0;
      --crowded_;
      return true;
    }
    Platform::yield();
    auto const now = Platform::now();
    if (policy_.adapts && policy_.then != rest::never && now - looked_at_ > a_slice) crowded_ = crowded_for;
    looked_at_ = now;
    return policy_.then != rest::never && now - since_ >= budget_;
  }
  void before_rest() noexcept {
    if (!interrupted_) rested_at_ = policy_.adapts ? Platform::now() : 0;
  }
  /// `woken`: somebody ended it. If it ended because its time was up, that says nothing of how soon somebody would have come; the next one, if
  /// there was nothing to do in between, goes on with it.
  void after_rest(bool woken = true) noexcept {
    looks_ = 0, interrupted_ = !woken;
    if (!policy_.adapts) return;
    auto const lasted = Platform::now() - rested_at_;
    if (lasted < too_short && woken && budget_ < most) budget_ = within(budget_ * 2);
    else if (lasted > long_enough && budget_ > least) budget_ = budget_ / 2 > least ? budget_ / 2 : least;
  }

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
template <typename Platform, typename Ready, typename Announce>
auto wait_until(patience<Platform>& look, event_count<Platform>& sleep, std::int64_t deadline, Ready ready, Announce announce) -> bool {
  look.busy();
  for (;;) {
    if (ready()) return true;
    if (deadline != for_ever && Platform::now() >= deadline) return false;
    if (!look.exhausted()) continue;
    auto const& policy = look.policy();
    look.before_rest();
    if (policy.then == rest::nap) {
      auto const left = deadline == for_ever ? for_ever : deadline - Platform::now();
      Platform::nap(policy.nap.count() < left ? policy.nap.count() : left);
    } else {
      auto const key = sleep.prepare();
      announce();
      Platform::heavy_barrier();  // pairs with the look at the mask that follows every advance
      if (ready()) return true;
      auto until = deadline;
      if (policy.at_most.count() > 0)
        if (auto const now = Platform::now(); policy.at_most.count() < until - now) until = now + policy.at_most.count();
      if (until == for_ever) sleep.wait(key);
      else sleep.wait_until(key, until);
      look.after_rest(until == for_ever || Platform::now() < until);
      continue;
    }
    look.after_rest();
  }
}

}  // namespace millrace
