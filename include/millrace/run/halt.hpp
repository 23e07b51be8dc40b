// SPDX-License-Identifier: MIT
// Stages that several workers run by key stand still at one event, so that somebody can look at what all their handlers keep.
//
// Who looks says "stop where you are", and hangs up the same plan once more, so that every worker comes to a batch boundary and sees it.
// Then each lane is known to stand: its holder says so, or nobody holds it, and who looks does for a moment. The last of them tells how
// far all are to go: there no handler is touched until the stage is let go. A lane carries the news, as in watch.hpp: its holder, and
// whoever takes it after him, has seen at least what was said before it stood.
#pragma once
#include <array>
#include <bit>
#include <cstddef>

#include <millrace/base/sequence.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

template <std::size_t Stages, typename Platform>
class halts {
 public:
  halts() noexcept {
    for (auto& c : cuts_) c.publish(sequence_limit);
  }

  // ---- by workers
  /// How far stage `s` may go: 0, not at all.
  [[nodiscard]] auto cut(std::size_t s) const noexcept -> sequence { return cuts_[s].published(); }
  /// These lanes stand. False: that was known.
  /// Called by  the holder of the lanes, who has seen a cut of 0.
  auto stands(std::size_t s, lane_mask mine) noexcept -> bool {
    auto const now = number_.published();
    bool news = false;
    for (; mine != 0; mine &= mine - 1) {
      auto& seen = seen_[s][static_cast<std::size_t>(std::countr_zero(mine))];
      if (seen.own() == now) continue;
      seen.publish(now);
      news = true;
    }
    return news;
  }

  // ---- by who looks, one at a time
  void stop(std::size_t s) noexcept {
    number_.publish(number_.own() + 1);
    cuts_[s].publish(0);
  }
  void go_to(std::size_t s, sequence at) noexcept { cuts_[s].publish(at); }
  void let_go(std::size_t s) noexcept { cuts_[s].publish(sequence_limit); }
  /// The lanes that are not known to stand.
  [[nodiscard]] auto unknown(std::size_t s) const noexcept -> lane_mask {
    lane_mask some = 0;
    for (std::size_t l = 0; l < most_lanes; ++l)
      if (seen_[s][l].published() != number_.own()) some |= lane_mask{1} << l;
    return some;
  }

 private:
  using number = cursor<Platform, site::version_publish, site::version_read>;
  number number_;
  std::array<number, Stages> cuts_;
  std::array<std::array<number, most_lanes>, Stages> seen_;
};

}  // namespace millrace
