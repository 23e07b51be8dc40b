// SPDX-License-Identifier: MIT
// Those who come to look at a ring while it runs and go again: a few places in its gate, each a cursor that counts while it is taken.
//
// A guest may begin at any event that the stages have not released when it looks, after it has taken its place:
//
//   guest:     take a place;               heavy barrier;  read the stages' cursors: begin there, or later
//   producer:  read the stages' cursors;   light barrier;  look which places are taken
//
// The room that a producer knows of is what it read, and the capacity. One of the two sees the other (Dekker's argument):
//  - it saw the place: then the guest's cursor was part of what it read, and that never stood higher than where the guest begins;
//  - it did not: then the guest reads cursors that are at least what the producer has read, and begins there. What the producer may
//    write over is more than a capacity older.
// That holds for room found long ago and for room that another producer has found, because it was found by such a look. Cursors of other
// guests are read behind the look, so they are no part of the argument: a guest begins by what the stages have released.
//
// Until it begins, the guest's cursor stands where the gate stood before it came. The gate may so seem to go back for a moment: room is
// only less than it is, and who computed more before may use it. Who announced his sleep before the guest came has set no bit with it; so
// everybody is alerted when it begins, and looks again.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/waiters.hpp>

namespace millrace {

template <typename Platform>
class guests {
 public:
  static constexpr std::size_t taps = 8, readers = 4, most = taps + readers;  // places: taps first
  static constexpr std::uint32_t all = (1U << most) - 1, those_awaited = (1U << taps) - 1;

  /// Takes place `i`, which is free. The guest's cursor stands at `before`, where the gate stood at some time before.
  /// Called by  one thread at a time for each place. What the caller reads of the gate's stages afterwards it may begin with.
  void enter(std::size_t i, sequence before) noexcept {
    place_[i].at.publish(before);
    taken_.fetch_or(1U << i, Platform::template order<site::guests_enter>(std::memory_order::acq_rel));  // pairs with look()
    Platform::heavy_barrier();                                                                           // pairs with the light one in look()
  }
  /// The guest begins at `first`, which is at least what it read after enter().
  void begin(std::size_t i, sequence first, sleepers<Platform> const& table) noexcept {
    place_[i].at.publish(first);
    table.alert_all();
  }
  /// The guest has done everything below `to`.
  /// Called by  the guest.
  /// Orders     release: whoever writes over those events does so after it has looked at them.
  void advance(std::size_t i, sequence to, sleepers<Platform> const& table) noexcept {
    place_[i].at.publish(to);
    place_[i].waiting.notify(table);
  }
  /// Gives the place back, and wakes who waited for the guest.
  /// Called by  the guest, or when it is no longer there.
  /// Orders     release, as advance().
  void leave(std::size_t i, sleepers<Platform> const& table) noexcept {
    taken_.fetch_and(~(1U << i), Platform::template order<site::guests_leave>(std::memory_order::acq_rel));  // pairs with look()
    place_[i].waiting.notify(table);
  }
  [[nodiscard]] auto at(std::size_t i) const noexcept -> sequence { return place_[i].at.published(); }

  /// The least of `least` and the cursors of the guests in `which`. What `least` was made of has been read before.
  [[nodiscard]] auto least(sequence least, std::uint32_t which) const noexcept -> sequence {
    for (auto m = look() & which; m != 0; m &= m - 1)
      if (auto const a = at(static_cast<std::size_t>(std::countr_zero(m))); a < least) least = a;
    return least;
  }
  /// Registers `bit` with every guest. Followed by Platform::heavy_barrier() and another look.
  void add_waiter(std::size_t bit) noexcept {
    for (auto m = look() & all; m != 0; m &= m - 1) place_[static_cast<std::size_t>(std::countr_zero(m))].waiting.add(bit);
  }

 private:
  static constexpr std::uint32_t by_rmw = 1U << 31;  // there is no asymmetric barrier

  [[nodiscard]] auto look() const noexcept -> std::uint32_t {
    Platform::light_barrier();
    auto const m = taken_.load(Platform::template order<site::guests_look>(std::memory_order::acquire));  // pairs with enter() and leave()
    if ((m & by_rmw) == 0) return m;
    return taken_.fetch_or(0, Platform::template order<site::guests_look>(std::memory_order::acq_rel));  // pairs with enter() and leave()
  }

  struct place {
    alignas(cache_line_size) cursor<Platform, site::guest_advance, site::guest_reached> at;  // written by the guest
    alignas(cache_line_size) waiters<Platform> waiting;                                    // written by sleepers
  };
  alignas(cache_line_size) mutable typename Platform::template atomic<std::uint32_t> taken_{Platform::asymmetric() ? 0 : by_rmw};
  std::array<place, most> place_;
};

}  // namespace millrace
