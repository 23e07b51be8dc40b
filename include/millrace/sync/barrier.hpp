// SPDX-License-Identifier: MIT
// The least of several cursors: what a stage may run up to, and what a producer may overwrite.
#pragma once
#include <array>
#include <cstddef>

#include <millrace/base/config.hpp>
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
  [[nodiscard]] MILLRACE_COLD auto reached() const noexcept -> sequence;
  /// The same without readers on threads of their own, for whom nobody waits who wants to know that all is done.
  [[nodiscard]] MILLRACE_COLD auto passed() const noexcept -> sequence;
  /// The same without guests.
  [[nodiscard]] MILLRACE_COLD auto released() const noexcept -> sequence;
  /// Registers `bit` with every one of them. Followed by Platform::heavy_barrier() and another look.
  MILLRACE_COLD void add_waiter(std::size_t bit) noexcept;

 private:
  std::array<lanes<Platform>*, most> on_{};
  std::size_t size_ = 0;
  guests<Platform>* guests_ = nullptr;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/sync/barrier.ipp>
#endif
