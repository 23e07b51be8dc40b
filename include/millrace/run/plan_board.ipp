// SPDX-License-Identifier: MIT
// Hanging up plans.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace millrace {

template <typename Platform>
auto plan_board<Platform>::current() const -> plan {
  std::lock_guard const g{mutex_};
  return plan_;
}

template <typename Platform>
auto plan_board<Platform>::post(plan const& p, function_view<void(std::size_t)> hire, function_view<void(std::uint64_t)> alert) -> status {
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

template <typename Platform>
void plan_board<Platform>::turn_over(function_view<void()> first) {
  std::lock_guard const g{mutex_};
  first();
  version_.publish(version_.own() + 1);
}

template <typename Platform>
void plan_board<Platform>::start(function_view<void(std::size_t)> hire, function_view<void()> stop) {
  std::lock_guard const g{mutex_};
  if (!course_.start()) return;
  try {
    employ(plan_, hire);
  } catch (...) {
    stop();
    throw;
  }
}

template <typename Platform>
auto plan_board<Platform>::misses(std::size_t worker) const -> bool {
  std::lock_guard const g{mutex_};
  return plan_.employs(worker) && !aboard(worker);
}

template <typename Platform>
auto plan_board<Platform>::read(std::size_t worker, sequence& version, function_view<void(plan const&)> adopt) noexcept -> bool {
  std::unique_lock const g{mutex_, std::try_to_lock};
  if (!g.owns_lock()) return true;  // one is being hung up just now: go on with the old one, and look again at the next boundary
  adopt(plan_);
  if (plan_.employs(worker)) return version = version_.own(), true;
  aboard_ &= ~(std::uint64_t{1} << worker);
  return version = -1, false;
}

template <typename Platform>
void plan_board<Platform>::employ(plan const& p, function_view<void(std::size_t)> hire) {
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

}  // namespace millrace
