// SPDX-License-Identifier: MIT
// The least of several cursors: what a stage may run up to, and what a producer may overwrite.
#pragma once
#include <array>
#include <cstddef>

#include <millrace/sync/lanes.hpp>

namespace millrace {

/// A set of stages to wait for. A view: the lanes must outlive it.
template <typename Platform>
class barrier {
 public:
  static constexpr std::size_t most = 62;

  void add(lanes<Platform>& stage) noexcept { on_[size_++] = &stage; }
  [[nodiscard]] auto empty() const noexcept -> bool { return size_ == 0; }

  /// All these stages are done with everything below.
  /// Orders     acquire: what they did to those events is visible.
  [[nodiscard]] auto reached() const noexcept -> sequence {
    auto least = sequence_limit;
    for (std::size_t i = 0; i < size_; ++i)
      if (auto const a = on_[i]->reached(); a < least) least = a;
    return least;
  }
  /// Registers `bit` with every one of them. Followed by Platform::heavy_barrier() and another look.
  void add_waiter(std::size_t bit) noexcept {
    for (std::size_t i = 0; i < size_; ++i) on_[i]->waiting.add(bit);
  }

 private:
  std::array<lanes<Platform>*, most> on_{};
  std::size_t size_ = 0;
};

}  // namespace millrace
