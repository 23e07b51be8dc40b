// SPDX-License-Identifier: MIT
// How somebody waits who holds nothing.
#pragma once
#include <cstdint>

namespace millrace {

template <typename Platform>
void patience<Platform>::after_rest(bool woken) noexcept {
  looks_ = 0, interrupted_ = !woken;
  if (!policy_.adapts) return;
  auto const lasted = Platform::now() - rested_at_;
  if (lasted < too_short && woken && budget_ < most) budget_ = within(budget_ * 2);
  else if (lasted > long_enough && budget_ > least) budget_ = budget_ / 2 > least ? budget_ / 2 : least;
}

template <typename Platform>
auto wait_until(patience<Platform>& look, event_count<Platform>& sleep, std::int64_t deadline, function_view<bool()> ready, function_view<void()> announce) -> bool {
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

template <typename Platform>
auto patience<Platform>::exhausted() noexcept -> bool {
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

}  // namespace millrace
