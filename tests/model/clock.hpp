// SPDX-License-Identifier: MIT
// Vector clocks: what a thread knows of every thread's past.
#pragma once
#include <cstddef>
#include <cstdint>

namespace millrace::model {

/// Threads of one run, the one that starts the others included.
inline constexpr std::size_t most_threads = 8;

/// A stamp for each thread. No initialiser, so that histories are not cleared for nothing: write `clock c{}`.
struct clock {
  static constexpr std::uint32_t never = UINT32_MAX;

  std::uint32_t at[most_threads];

  void join(clock const& o) noexcept {
    for (std::size_t i = 0; i < most_threads; ++i) at[i] = at[i] < o.at[i] ? o.at[i] : at[i];
  }
  void fill(std::uint32_t v) noexcept {
    for (auto& a : at) a = v;
  }
  /// Whether at least one stamp of `o` is in the past of this clock.
  [[nodiscard]] auto knows_any(clock const& o) const noexcept -> bool {
    unsigned any = 0;
    for (std::size_t i = 0; i < most_threads; ++i) any |= static_cast<unsigned>(o.at[i] <= at[i]);
    return any != 0;
  }
};

}  // namespace millrace::model
