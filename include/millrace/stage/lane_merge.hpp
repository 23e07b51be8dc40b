// SPDX-License-Identifier: MIT
// The source of a pipeline whose producers keep a lane each: takes events from the lanes in turns. That is all it knows: who
// looks at the lanes, and gives the slots back, is the strand that holds the stage.
#pragma once
#include <cstddef>

#include <millrace/base/config.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// A source that hands out events where they stand, in the lane of their producer.
template <typename Event>
struct lane_merge {
  /// A lane, as the merge sees it.
  struct view {
    Event* slots = nullptr;
    sequence mask = 0;
    sequence at = 0;     // everything below is taken, or belongs to the stretch
    sequence known = 0;  // everything below is there
  };
  static constexpr sequence in_a_row = 128;  // events of one lane, before the next one has its turn

  std::size_t lanes = 0;
  std::size_t capacity = 0;  // of each lane; 0: as the ring
  // While it runs, under the hold bit of stage "source".
  view* of = nullptr;
  std::size_t turn = 0;
  Event *now = nullptr, *stop = nullptr;  // of the lane whose turn it is: a stretch without a gap

  /// The next event; null if no lane has one that is known.
  MILLRACE_INLINE auto operator()() noexcept -> Event* {
    if (now == stop) [[unlikely]]
      if (!next_stretch()) return nullptr;
    return now++;
  }
  /// How far lane `l` has been taken.
  [[nodiscard]] auto taken(std::size_t l) const noexcept -> sequence { return l == turn ? of[l].at - (stop - now) : of[l].at; }

 private:
  [[gnu::noinline]] auto next_stretch() noexcept -> bool {
    for (std::size_t k = 0; k < lanes; ++k) {
      turn = turn + 1 < lanes ? turn + 1 : 0;
      auto& v = of[turn];
      auto const i = v.at & v.mask;
      auto n = v.known - v.at;
      if (n > in_a_row) n = in_a_row;
      if (n > v.mask + 1 - i) n = v.mask + 1 - i;
      if (n <= 0) continue;
      v.at += n;
      now = v.slots + i;
      stop = now + n;
      return true;
    }
    return false;
  }
};

}  // namespace millrace
