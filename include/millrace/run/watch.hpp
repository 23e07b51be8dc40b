// SPDX-License-Identifier: MIT
// While somebody looks at a ring who is not part of its pipeline, bodies leave all that they make in the slots. Otherwise they keep to
// themselves what no stage outside a run takes; so who comes must know from which event on a stage has left everything.
#pragma once
#include <array>
#include <bit>
#include <cstddef>

#include <millrace/base/sequence.hpp>
#include <millrace/stage/table.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

/// Spells of being watched, numbered: an odd one is a spell, an even one the time behind it. A worker looks at the number when it
/// takes a lane and when it reads the plan, and then says of each lane that it holds where the spell begins. A lane carries the news: who
/// takes it has seen at least the number that the holder before had seen.
template <typename Segment, typename Platform>
class watch {
 public:
  static constexpr std::size_t most_parts = Segment::any_shared ? most_lanes : 1;

  // ---- by workers
  [[nodiscard]] auto spell() const noexcept -> sequence { return spell_.published(); }
  static constexpr auto on(sequence spell) noexcept -> bool { return (spell & 1) != 0; }
  [[nodiscard]] auto bodies_for(sequence spell) const noexcept -> body_choice<Segment> const* { return on(spell) ? all_ : &body_table<Segment>::choice; }
  /// Lane l of stage s stands at `at`, and leaves everything from there on. False: that was known.
  /// Called by  the holder of the lane.
  auto begins(std::size_t s, std::size_t l, sequence spell, sequence at) noexcept -> bool {
    auto& b = begun_[s][l];
    if (b.in.own() == spell) return false;
    b.at.write() = at;
    b.in.publish(spell);
    return true;
  }

  // ---- by who comes and goes, under one mutex
  void come(body_choice<Segment> const& all) noexcept {
    if (visitors_++ != 0) return;
    if (all_ == nullptr) all_ = &all;
    spell_.publish(spell_.own() + 1);
  }
  void go() noexcept {
    if (--visitors_ == 0) spell_.publish(spell_.own() + 1);
  }
  /// The lanes of stage s of which it is not known where they began in this spell.
  [[nodiscard]] auto unknown(std::size_t s) const noexcept -> lane_mask {
    lane_mask some = 0;
    for (auto m = Segment::lanes(s); m != 0; m &= m - 1)
      if (begun_[s][static_cast<std::size_t>(std::countr_zero(m))].in.published() != spell_.own()) some |= m & -m;
    return some;
  }
  /// Where the last of its lanes began, if all are known.
  [[nodiscard]] auto began(std::size_t s) const noexcept -> sequence {
    sequence last = 0;
    for (auto m = Segment::lanes(s); m != 0; m &= m - 1)
      if (auto const at = begun_[s][static_cast<std::size_t>(std::countr_zero(m))].at.read(); at > last) last = at;
    return last;
  }

 private:
  using number = cursor<Platform, site::version_publish, site::version_read>;
  struct beginning {
    number in;                                      // the spell
    typename Platform::template cell<sequence> at;  // the first event
  };
  number spell_;
  body_choice<Segment> const* all_ = nullptr;
  std::size_t visitors_ = 0;
  std::array<std::array<beginning, most_parts>, Segment::stages> begun_;
};

}  // namespace millrace
