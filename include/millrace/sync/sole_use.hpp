// SPDX-License-Identifier: MIT
// Finds two threads inside what only one may use at a time. In builds with NDEBUG it is empty.
#pragma once
#include <millrace/base/config.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class sole_use {
#ifdef NDEBUG
 public:
  static constexpr bool looks = false;
  void enter() noexcept {}
  void leave() noexcept {}
#else
 public:
  static constexpr bool looks = true;
  void enter() noexcept {
    [[maybe_unused]] bool const somebody = inside_.exchange(true, std::memory_order::relaxed);  // finds a mistake, orders nothing
    MILLRACE_ASSERT(!somebody && "a producer handle is used by two threads at once");
  }
  void leave() noexcept {
    inside_.store(false, std::memory_order::relaxed);  // finds a mistake, orders nothing
  }

 private:
  typename Platform::template atomic<bool> inside_{false};
#endif
};

}  // namespace millrace
