// SPDX-License-Identifier: MIT
// How stages end: lane by lane, when they have passed the last event, or where they stand when all is stopped.
#pragma once
#include <bit>
#include <cstddef>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/run/holder.hpp>

namespace millrace {

template <typename Pipeline, typename Platform>
class closing : public holder<Pipeline, Platform> {
  using base = holder<Pipeline, Platform>;

 public:
  using base::base;
  using typename base::segment;
  static constexpr std::size_t stages = segment::stages;

  [[nodiscard]] auto passed() const noexcept -> sequence final { return base::ring_.gate.reached(); }

 protected:
  using typename base::seat_type;
  using base::closed_lanes_, base::course_, base::end_, base::in_parts, base::out_, base::put, base::released, base::ring_, base::started_, base::take, base::ticks_;

  /// The last thing that happens to these lanes; with the last of them, to the stage.
  MILLRACE_COLD void close(seat_type& w, std::size_t s, lane_mask mine) noexcept {
    if (!course_.closed(base::first_ + s)) {
      ticks_.end(s);
      for (auto m = still_open(s, mine); m != 0; m &= m - 1)
        if (auto const l = static_cast<std::size_t>(std::countr_zero(m)); started_[s][l].read()) this->template hear<hook::stop>(w, s, lane_mask{1} << l);
      if (all_are_closed(s, mine)) {
        if (segment::expands(s)) out_.to->no_more();
        if constexpr (segment::replies)
          if (s + 1 == stages) ring_.desk->sweep();
        course_.close(base::first_ + s);
        if (course_.now() == life::over) ring_.table.alert_all();
      }
    }
    put(w, s, mine);
    w.wanted[s] &= ~mine;
  }
  /// Those of the lanes that nobody has closed: a later plan may give a closed lane to somebody while others of its stage are open.
  auto still_open([[maybe_unused]] std::size_t s, lane_mask mine) noexcept -> lane_mask {
    if constexpr (segment::any_shared) return mine & ~closed_lanes_[s].raised();
    else return mine;
  }
  auto all_are_closed([[maybe_unused]] std::size_t s, [[maybe_unused]] lane_mask mine) noexcept -> bool {
    if constexpr (segment::any_shared) return closed_lanes_[s].raise_all(mine) == segment::lanes(s);
    else return true;
  }
  /// Those lanes of a pool that have passed the end and that nobody holds.
  MILLRACE_COLD void close_pool(seat_type& w, std::size_t s, sequence end) noexcept {
    auto& stage = ring_.stage[s];
    lane_mask done = 0;
    for (auto m = w.wanted[s] & ~stage.held(); m != 0; m &= m - 1)
      if (stage.at(static_cast<std::size_t>(std::countr_zero(m))) >= end) done |= m & -m;
    if (done == 0) return;
    w.held[s] = stage.take(done);
    if (w.held[s] != 0) close(w, s, w.held[s]);
  }
  MILLRACE_COLD void close_finished(seat_type& w) noexcept {
    auto const end = end_.published();
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.halted(s)) continue;
      if (w.pooled(s)) close_pool(w, s, end);
      if (w.held[s] == 0) continue;
      if (!in_parts(w, s)) {
        if (w.at[s] >= end && released(s)) close(w, s, w.held[s]);
      } else if constexpr (segment::any_shared) {
        lane_mask done = 0;
        for (auto m = w.held[s]; m != 0; m &= m - 1)
          if (w.lanes[s].at[static_cast<std::size_t>(std::countr_zero(m))] >= end) done |= m & -m;
        if (done != 0) close(w, s, done);
      }
    }
  }
  /// Stopping: what this worker holds or ought to hold is closed where it stands.
  MILLRACE_COLD void wind_up(seat_type& w) noexcept {
    for (std::size_t s = 0; s < stages; ++s) {
      if (w.halted(s)) continue;
      if ((w.wanted[s] & ~w.held[s]) != 0) take(w, s);
      if (w.halted(s)) continue;
      if (w.held[s] != 0) close(w, s, w.held[s]);
    }
  }
};

}  // namespace millrace
