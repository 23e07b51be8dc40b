// SPDX-License-Identifier: MIT
// Handlers that want to be called every so often, also when no events flow: when each of them is due.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <millrace/stage/hearing.hpp>
#include <millrace/sync/lanes.hpp>
#include <millrace/sync/notice.hpp>

namespace millrace {

/// Of one ring. All but next() is called by the holder of the stage. Empty if no handler ticks.
template <typename Segment, typename Platform>
class ticks {
 public:
  static constexpr bool any = any_hears<hook::tick, Segment>();
  static constexpr std::size_t stages = Segment::stages;

  /// Stage `s` has started: its first tick comes a period from now.
  void begin(typename Segment::nodes const& nodes, std::size_t s) noexcept {
    if constexpr (any)
      if (auto const p = period(nodes, s); p > 0) next_[s].put_up(Platform::now() + p);
  }
  void end(std::size_t s) noexcept {
    if constexpr (any) next_[s].put_up(never);
  }
  /// `tell(stage, now)` for those of the held stages that are due. Ticks that were missed are not made up for.
  template <typename Tell>
  void look(typename Segment::nodes const& nodes, std::array<lane_mask, stages> const& held, Tell tell) noexcept {
    if constexpr (any) {
      auto const now = Platform::now();
      for (std::size_t s = 0; s < stages; ++s) {
        if (held[s] == 0) continue;
        auto const due = next_[s].read();
        if (due > now) continue;
        auto const p = period(nodes, s);
        next_[s].put_up(due + ((now - due) / p + 1) * p);
        tell(s, now);
      }
    }
  }
  /// When stage `s` is due. A worker that has seen that nobody holds it, sees what the last holder put up.
  [[nodiscard]] auto next([[maybe_unused]] std::size_t s) const noexcept -> std::int64_t {
    if constexpr (any) return next_[s].read();
    else return never;
  }

 private:
  static constexpr std::int64_t never = INT64_MAX;

  /// In nanoseconds; 0: it does not tick.
  [[nodiscard]] static auto period(typename Segment::nodes const& nodes, std::size_t stage) noexcept -> std::int64_t {
    std::int64_t found = 0;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (
          [&] {
            if constexpr (hears_tick<typename Segment::template node_at<K>::handler>)
              if (stage == K + (Segment::own_source ? 1 : 0)) found = millrace::get<K>(nodes).f.tick_every();
          }(),
          ...);
    }(std::make_index_sequence<Segment::size>{});
    return found;
  }
  template <std::size_t... S>
  static auto at_first(std::index_sequence<S...>) noexcept -> std::array<notice<Platform>, sizeof...(S)> {
    return {((void)S, notice<Platform>{never})...};
  }

  std::array<notice<Platform>, any ? stages : 0> next_ = at_first(std::make_index_sequence<any ? stages : 0>{});
};

}  // namespace millrace
