// SPDX-License-Identifier: MIT
// How often something happened of late.
#pragma once

namespace millrace::scheduling {

/// Counts what happens, and forgets one of it every so many seconds.
struct fading_count {
  double count = 0, at = -1e9;  // at the last time, and when that was

  [[nodiscard]] constexpr auto of_late(double now, double forgotten_after) const noexcept -> double {
    auto const left = count - (now - at) / forgotten_after;
    return left > 0 ? left : 0;
  }
  constexpr void add(double now, double forgotten_after) noexcept { count = of_late(now, forgotten_after) + 1, at = now; }
};

}  // namespace millrace::scheduling
