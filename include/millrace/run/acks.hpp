// SPDX-License-Identifier: MIT
// The stages of a ring whose cursor waits for acknowledgements, and which events need none: those that their handler has not seen.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <millrace/stage/event_steps.hpp>
#include <millrace/sync/acknowledged.hpp>

namespace millrace {

/// Of one ring. Empty if none of its stages waits.
template <typename Segment, typename Platform>
class acks {
  static constexpr std::size_t stages = Segment::stages;
  static constexpr std::size_t shift = Segment::own_source ? 1 : 0;

 public:
  /// Throws     std::bad_alloc.
  explicit acks([[maybe_unused]] capacity slots) {
    if constexpr (Segment::any_acks)
      for (std::size_t s = 0; s < stages; ++s)
        if (Segment::acks(s) && misses_some(s - shift)) of_[s].passes_over(slots);
  }
  [[nodiscard]] auto operator[](std::size_t s) noexcept -> acknowledged<Platform>& { return of_[s]; }
  [[nodiscard]] auto operator[](std::size_t s) const noexcept -> acknowledged<Platform> const& { return of_[s]; }

  /// Stage `s` has done everything below `to`, and `work` is what ran it.
  /// Called by  the holder of the stage.
  void ran(std::size_t s, line<Segment> const& work, sequence to, lanes<Platform>& stage) noexcept {
    if (!misses_some(s - shift)) return of_[s].ran(to, stage);
    of_[s].ran(to, stage, [&, k = s - shift](sequence q) { return has_seen(work, k, q); });
  }

 private:
  /// Some events may pass node `k` without its handler, or fail there.
  static constexpr auto misses_some(std::size_t k) noexcept -> bool {
    return Segment::many_producers || (Segment::all[k].filters | Segment::all[k].troubles) != 0 || Segment::all[k].in_the_end != remedy::stop;
  }
  /// The handler of node `k` has seen event `q`, and come to its end.
  static auto has_seen(line<Segment> const& work, std::size_t k, sequence q) noexcept -> bool {
    auto const i = static_cast<std::size_t>(q & work.mask);
    auto const& is = Segment::all[k];
    if constexpr (Segment::many_producers)
      if (work.dead[i] != 0) return false;
    if (is.filters != 0 && work.slots->status[static_cast<std::size_t>(std::countr_zero(last_of(is.filters)))][i] != 0) return false;
    if constexpr (Segment::forgives)
      for (auto m = is.troubles | (is.in_the_end != remedy::stop ? bit(k) : 0); m != 0; m &= m - 1)
        if (work.slots->failed[static_cast<std::size_t>(std::countr_zero(m))][i] == lap_mark(q, work.mask)) return false;
    return true;
  }

  std::array<acknowledged<Platform>, Segment::any_acks ? stages : 0> of_;
};

}  // namespace millrace
