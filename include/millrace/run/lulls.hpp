// SPDX-License-Identifier: MIT
// Handlers that hear of it when there is nothing to do: which of them know already.
#pragma once
#include <array>
#include <bit>
#include <cstddef>

#include <millrace/base/sequence.hpp>
#include <millrace/stage/hearing.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

/// Of one ring; called by the holder of the lanes. A lane that was told stands where it stood until there is another event, whoever
/// holds it meanwhile. Empty if no handler listens.
template <typename Segment, typename Platform>
class lulls {
 public:
  static constexpr bool any = any_hears<hook::idle, Segment>();
  static constexpr std::size_t stages = any ? Segment::stages : 0;

  /// Those of the lanes whose handlers are to be told; `at(lane)` says where a lane stands.
  template <typename At>
  [[nodiscard]] auto news([[maybe_unused]] std::size_t s, lane_mask held, [[maybe_unused]] At at) noexcept -> lane_mask {
    lane_mask untold = 0;
    if constexpr (any)
      for (; held != 0; held &= held - 1) {
        auto const l = static_cast<std::size_t>(std::countr_zero(held));
        auto const behind = at(l) + 1;
        if (told_[s][l].read() == behind) continue;
        told_[s][l].write() = behind;
        untold |= lane_mask{1} << l;
      }
    return untold;
  }

 private:
  std::array<std::array<typename Platform::template cell<sequence>, Segment::any_shared ? most_lanes : 1>, stages> told_{};  // 1 + where it stood
};

}  // namespace millrace
