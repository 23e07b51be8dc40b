// SPDX-License-Identifier: MIT
// What a ring keeps for its producers' policy: nothing, a count, or the room in which events wait.
#pragma once
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/waiting_room.hpp>
#include <millrace/stage/overflow.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// What has become of events that found no room, so far.
struct overflow_counts {
  std::int64_t refused = 0, dropped = 0, conflated = 0, waiting = 0;

  auto operator+=(overflow_counts const& more) noexcept -> overflow_counts& {
    refused += more.refused, dropped += more.dropped, conflated += more.conflated, waiting += more.waiting;
    return *this;
  }
};

/// Nobody is turned away: producers wait.
template <typename Event, typename Full, typename Platform>
class overflow {
 public:
  static constexpr bool answers = false;  // a producer that finds no room has its answer at once
  [[nodiscard]] static auto counts() noexcept -> overflow_counts { return {}; }
};

template <typename Event, typename Full, typename Platform>
  requires(Full::does == when_full::refuse || Full::does == when_full::drop_newest)
class overflow<Event, Full, Platform> {
 public:
  static constexpr bool answers = true;
  /// `n` events have found no room. What their producer is told.
  /// Called by  any producer.
  auto turn_away(std::int64_t n) noexcept -> status {
    turned_away_.add_shared(n);
    return Full::does == when_full::refuse ? status::would_block : status::dropped;
  }
  [[nodiscard]] auto counts() const noexcept -> overflow_counts {
    auto const n = turned_away_.read();
    return Full::does == when_full::refuse ? overflow_counts{.refused = n} : overflow_counts{.dropped = n};
  }

 private:
  tally<Platform> turned_away_;
};

template <typename Event, typename Full, typename Platform>
  requires keeps_waiting<Full>
class overflow<Event, Full, Platform> : public waiting_room<Event, Full, Platform> {
 public:
  static constexpr bool answers = false;
  [[nodiscard]] auto counts() const noexcept -> overflow_counts {
    return {.dropped = this->dropped(), .conflated = this->conflated(), .waiting = this->waiting()};
  }
};

}  // namespace millrace
