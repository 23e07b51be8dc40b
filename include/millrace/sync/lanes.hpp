// SPDX-License-Identifier: MIT
// The unit of ownership, and the one mechanism behind fuse, split and shard: a hold bit and a cursor. A serial stage has one
// lane, a stage that may be shared has 64. A worker takes lanes, runs them, and puts them down at a batch boundary.
//
// Why nothing else is needed:
//  - a lane's cursor and state are touched only under its hold bit: put (release) then take (acquire) is the only edge;
//  - the set of cursors is fixed and each only grows, so their least is a valid bound at any time, whoever holds what;
//  - nobody hands anything to anybody: a put is not addressed, so plans may be replaced before they have settled.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

/// A set of lanes of one stage: bit l is lane l.
using lane_mask = std::uint64_t;
inline constexpr std::size_t most_lanes = 64;
/// Lanes number `from` to `to`, without `to`.
constexpr auto lanes_between(std::size_t from, std::size_t to) noexcept -> lane_mask {
  return (to == most_lanes ? ~lane_mask{0} : (lane_mask{1} << to) - 1) & ~((lane_mask{1} << from) - 1);
}

template <typename Platform>
class lanes {
 public:
  /// `count` is 1 for a serial stage, 64 for one that may be shared; all begin at `first`.
  MILLRACE_COLD explicit lanes(std::size_t count = 1, sequence first = 0) noexcept;

  /// Called before anybody else knows of it.
  void make_shared() noexcept { count_ = most_lanes; }
  [[nodiscard]] auto count() const noexcept -> std::size_t { return count_; }
  [[nodiscard]] auto all() const noexcept -> lane_mask { return count_ == most_lanes ? ~lane_mask{0} : (lane_mask{1} << count_) - 1; }

  /// Takes those of `wanted` that nobody holds, and says which.
  /// Called by  any worker.
  /// Orders     acquire: the cursors and the state of the lanes taken are visible.
  [[nodiscard]] auto take(lane_mask wanted) noexcept -> lane_mask {
    if ((wanted & ~held()) == 0) return 0;  // do not dirty the line for nothing
    return wanted & ~held_.fetch_or(wanted, Platform::template order<site::lane_take>(std::memory_order::acq_rel));  // pairs with put()
  }
  /// Puts lanes down. The caller then looks at `wanting`: somebody may sleep until a lane is free.
  /// Called by  the holder, at a batch boundary.
  /// Orders     release: all that was done under the lanes is visible to who takes them.
  void put(lane_mask mine) noexcept {
    held_.fetch_and(~mine, Platform::template order<site::lane_put>(std::memory_order::acq_rel));  // pairs with take()
  }
  /// For who wants to know something of lanes that only a holder may say: takes those of `unknown` that nobody holds, `tell(lanes)`, and puts
  /// them down again. Whether that was all of them; else their holders say it, or put them down, which `wanting` tells.
  template <typename Tell>
  auto know(lane_mask unknown, sleepers<Platform> const& table, Tell tell) noexcept -> bool {
    if (unknown == 0) return true;
    auto const got = take(unknown & ~held());
    if (got == 0) return false;
    tell(got);
    put(got);
    wanting.notify(table);
    return got == unknown;
  }
  /// The lanes that somebody holds, as a hint. Never a permission to touch their state.
  [[nodiscard]] auto held() const noexcept -> lane_mask {
    return held_.load(Platform::template order<site::lane_held>(std::memory_order::acquire));  // pairs with put(): who sees a lane free sees its cursor
  }

  /// How far lane `l` has come.
  [[nodiscard]] auto at(std::size_t l) const noexcept -> sequence { return at_[l].published(); }
  /// Moves the lanes of `mine` to `to`, also those that had no event on the way.
  void advance(lane_mask mine, sequence to) noexcept {
    if (count_ == 1) return at_[0].publish(to);
    for (; mine != 0; mine &= mine - 1) at_[static_cast<std::size_t>(std::countr_zero(mine))].publish(to);
  }
  /// Moves the one lane of a serial stage to `to`, if it is not there yet. Not only by its holder: see acknowledged.
  void raise(sequence to) noexcept { at_[0].template raise<site::lane_raise>(to); }
  /// Everything below is done, whatever the plan does meanwhile.
  [[nodiscard]] auto reached() const noexcept -> sequence {
    auto least = at_[0].published();
    for (std::size_t l = 1; l < count_; ++l)
      if (auto const a = at_[l].published(); a < least) least = a;
    return least;
  }
  /// The same of these lanes only.
  [[nodiscard]] auto reached(lane_mask some) const noexcept -> sequence {
    auto least = sequence_limit;
    for (; some != 0; some &= some - 1)
      if (auto const a = at_[static_cast<std::size_t>(std::countr_zero(some))].published(); a < least) least = a;
    return least;
  }
  /// The same, but reads one cursor only while the lane that was last has not passed `seen`.
  [[nodiscard]] auto reached_past(sequence seen, std::size_t& laggard) const noexcept -> sequence {
    auto least = at_[laggard].published();
    if (count_ == 1 || least <= seen) return least;
    for (std::size_t l = 0; l < count_; ++l)
      if (auto const a = at_[l].published(); a < least) least = a, laggard = l;
    return least;
  }

  // Read by every advancer, written by sleepers only. Two masks, so that a worker that puts its lanes down does not wake those
  // who wait for events.
  alignas(cache_line_size) waiters<Platform> waiting;  // for the cursor: looked at after advance()
  waiters<Platform> wanting;                           // for a lane that is held: looked at after put()

 private:
  std::size_t count_;
  // Written by takers.
  alignas(cache_line_size) typename Platform::template atomic<lane_mask> held_{0};
  // Written by holders.
  alignas(cache_line_size) std::array<cursor<Platform, site::lane_advance, site::lane_reached>, most_lanes> at_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/sync/lanes.ipp>
#endif
