// SPDX-License-Identifier: MIT
// What producers and workers share of a runner: slots, cursors, who waits for whom. Knows stages only by number.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <millrace/base/capacity.hpp>
#include <millrace/ring/multi_producer.hpp>
#include <millrace/ring/single_producer.hpp>
#include <millrace/run/overflow.hpp>
#include <millrace/run/producer_lanes.hpp>
#include <millrace/stage/segment.hpp>
#include <millrace/sync/barrier.hpp>
#include <millrace/sync/high_mark.hpp>
#include <millrace/sync/lanes.hpp>
#include <millrace/sync/lent.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/sole_use.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

template <typename Desk>
struct desk_holder : std::type_identity<typename Desk::held> {};
template <>
struct desk_holder<nothing> : std::type_identity<nothing> {};
/// What a ring has of a desk: its ownership, or nothing.
template <typename Desk>
using desk_of = typename desk_holder<Desk>::type;

template <typename Segment, typename Platform>
struct shared_ring {
  using event = typename Segment::event;
  static constexpr std::size_t stages = Segment::stages;
  static constexpr bool waits_beside = keeps_waiting<typename Segment::when_no_room>;

  shared_ring(capacity c, wait_policy const& wait, event_count<Platform>& outside) : size{c}, producer{c}, producer_look{wait}, others{outside} {
    table.seat(sleepers<Platform>::others, others);
    for (std::size_t s = 0; s < stages; ++s)
      if ((Segment::last_stages() >> s & 1) != 0) gate.add(stage[s]);
    gate.add(visitors);
  }
  shared_ring(shared_ring const&) = delete;
  auto operator=(shared_ring const&) -> shared_ring& = delete;

  [[nodiscard]] MILLRACE_INLINE auto events() noexcept -> auto& { return millrace::get<0>(slots.columns); }
  /// Where its first stage finds states for replies, and its last one gives them back.
  template <typename Nodes>
  MILLRACE_COLD void open_desk(Nodes& nodes, wait_policy const& wait) {
    auto& first = millrace::get<0>(nodes).f;
    desk = Segment::desk::make(size, first.size, wait);
    first.open(*desk), millrace::get<Segment::size - 1>(nodes).f.open(*desk);
    static_cast<void>(table.seat(desk->room()));
  }
  /// How far the stages of the set `mask` have come, all of them.
  [[nodiscard]] auto reached(std::uint64_t mask) const noexcept -> sequence {
    auto least = sequence_limit;
    for (; mask != 0; mask &= mask - 1)
      if (auto const a = stage[static_cast<std::size_t>(std::countr_zero(mask))].reached(); a < least) least = a;
    return least;
  }
  /// Events that have entered, tombstones among them.
  [[nodiscard]] auto entered() const noexcept -> sequence {
    if constexpr (Segment::from_lanes) return in_lanes.entered();
    else return in_order();
  }
  /// Events that have their place in the order of the ring: not those in the lanes of producers.
  [[nodiscard]] auto in_order() const noexcept -> sequence {
    if constexpr (Segment::own_source) return stage[0].reached();
    else return producer.entered();
  }
  [[nodiscard]] auto blocked() const noexcept -> std::int64_t {
    if constexpr (Segment::from_lanes) return in_lanes.blocked_ns();
    else return blocked_ns.read();
  }

  /// Events that have found no room.
  [[nodiscard]] auto turned_away() const noexcept -> overflow_counts {
    if constexpr (Segment::from_lanes) return in_lanes.turned_away();
    else return overflow.counts();
  }
  /// Nothing more is let in. What waits beside the ring has been.
  void close() noexcept {
    if constexpr (waits_beside) {
      typename decltype(overflow)::visit const alone{overflow};
      overflow.close([this](std::int64_t waiting) { producer.close(waiting); });
    } else producer.close();
  }
  /// Events that have entered, and those that wait beside the ring: so far it will have come when all of them have passed.
  [[nodiscard]] auto accepted() noexcept -> sequence {
    if constexpr (waits_beside) {
      typename decltype(overflow)::visit const alone{overflow};
      return producer.entered() + overflow.size();
    } else return entered();
  }

  /// Of these, claims that were given up.
  [[nodiscard]] auto tombstones() const noexcept -> sequence {
    if constexpr (Segment::many_producers) return producer.tombstones();
    else return 0;
  }

  typename Segment::slot_layout slots;
  capacity size;
  std::array<lanes<Platform>, stages> stage;
  std::conditional_t<Segment::many_producers, multi_producer<Platform>, single_producer<Platform>> producer;  // idle if the pipeline has its own source
  [[no_unique_address]] std::conditional_t<Segment::from_lanes, producer_lanes<event, typename Segment::when_no_room, Platform>, nothing> in_lanes;
  guests<Platform> visitors;           // taps and readers that come and go
  barrier<Platform> gate;              // the last stages, and visitors: what they have passed may be written over
  sleepers<Platform> table;
  patience<Platform> producer_look;
  event_count<Platform>& others;       // where the producer sleeps, and who waits for a flush or the end
  tally<Platform> blocked_ns;          // producers have waited for room
  [[no_unique_address]] millrace::overflow<event, typename Segment::when_no_room, Platform> overflow;  // or what else they do
  high_mark<Platform> troubled;        // below this events may have failed at a stage that lets them
  lent<Platform> lent_input;           // to the one producer
  [[no_unique_address]] desk_of<typename Segment::desk> desk;  // where replies are given
  [[no_unique_address]] sole_use<Platform> producer_use;
};

}  // namespace millrace
