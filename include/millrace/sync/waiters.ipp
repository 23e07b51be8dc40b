// SPDX-License-Identifier: MIT
// Waking.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

namespace millrace {

template <typename Platform>
void sleepers<Platform>::wake(std::uint64_t all) const noexcept {
  for (auto mask = all & ~(by_rmw | closed); mask != 0; mask &= mask - 1)
    if (auto* const who = at_[static_cast<std::size_t>(std::countr_zero(mask))]) who->notify();
  if ((all >> others & 1) != 0) each_elsewhere([](auto& who) { who.wake(); });
}

template <typename Platform>
void sleepers<Platform>::alert(std::uint64_t all) const noexcept {
  for (auto mask = all & ~(by_rmw | closed); mask != 0; mask &= mask - 1)
    if (auto* const who = at_[static_cast<std::size_t>(std::countr_zero(mask))]) who->alert();
  if ((all >> others & 1) != 0) each_elsewhere([](auto& who) { who.alert(); });
}

template <typename Platform>
auto waiters<Platform>::wake(sleepers<Platform> const& table) noexcept -> bool {
  if (surely_closed()) return false;  // whoever closed alerts everybody
  table.wake(clear());
  return true;
}

}  // namespace millrace
