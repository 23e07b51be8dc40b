// SPDX-License-Identifier: MIT
// Looks at all of them.
#pragma once
#include <cstddef>

namespace millrace {

template <typename Platform>
auto barrier<Platform>::reached() const noexcept -> sequence {
  auto const least = released();
  return guests_ == nullptr ? least : guests_->least(least, guests<Platform>::all);
}

template <typename Platform>
auto barrier<Platform>::passed() const noexcept -> sequence {
  auto const least = released();
  return guests_ == nullptr ? least : guests_->least(least, guests<Platform>::those_awaited);
}

template <typename Platform>
auto barrier<Platform>::released() const noexcept -> sequence {
  auto least = sequence_limit;
  for (std::size_t i = 0; i < size_; ++i)
    if (auto const a = on_[i]->reached(); a < least) least = a;
  return least;
}

template <typename Platform>
void barrier<Platform>::add_waiter(std::size_t bit) noexcept {
  for (std::size_t i = 0; i < size_; ++i) on_[i]->waiting.add(bit);
  if (guests_ != nullptr) guests_->add_waiter(bit);
}

}  // namespace millrace
