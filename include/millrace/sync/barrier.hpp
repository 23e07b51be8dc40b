// SPDX-License-Identifier: MIT
// The least of several cursors: what a stage may run up to, and what a producer may overwrite.
#pragma once
#include <array>
#include <cstddef>

#include <millrace/sync/guests.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

/// A set of stages to wait for, and the guests that are there, if it is a gate. A view: lanes and guests must outlive it.
template <typename Platform>
class barrier {
 public:
  static constexpr std::size_t most = 62;

  void add(lanes<Platform>& stage) noexcept { on_[size_++] = &stage; }
  void add(guests<Platform>& some) noexcept { guests_ = &some; }
  [[nodiscard]] auto empty() const noexcept -> bool { return size_ == 0; }

  /// All these stages, and all guests, are done with everything below.
  /// Orders     acquire: what they did to those events is visible.
  [[nodiscard]] auto reached() const noexcept -> sequence {
    auto const least = released();
    return guests_ == nullptr ? least : guests_->least(least, guests<Platform>::all);
  }
  /// The same without readers on threads of their own, for whom nobody waits who wants to know that all is done.
  [[nodiscard]] auto passed() const noexcept -> sequence {
    auto const least = released();
    return guests_ == nullptr ? least : guests_->least(least, guests<Platform>::those_awaited);
  }
  /// The same without guests.
  [[nodiscard]] auto released() const noexcept -> sequence {
    auto least = sequence_limit;
    for (std::size_t i = 0; i < size_; ++i)
      if (auto const a = on_[i]->reached(); a < least) least = a;
    return least;
  }
  /// Registers `bit` with every one of them. Followed by Platform::heavy_barrier() and another look.
  void add_waiter(std::size_t bit) noexcept {
    for (std::size_t i = 0; i < size_; ++i) on_[i]->waiting.add(bit);
    if (guests_ != nullptr) guests_->add_waiter(bit);
  }

 private:
  std::array<lanes<Platform>*, most> on_{};
  std::size_t size_ = 0;
  guests<Platform>* guests_ = nullptr;
};

}  // namespace millrace
