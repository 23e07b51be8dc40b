// SPDX-License-Identifier: MIT
// How a consumer lets batches form without being asked to.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

/// A producer that streams is disturbed by every look at its cursor: the line travels to the consumer and back. So while
/// looks keep finding some events, look less often: 4, 8 … 128 pauses, some microseconds; 8 pauses, if they are very few; none
/// after a look that found many, but no fewer next time. One event at a time (somebody waits for the answer) or none resets. With one
/// event per publish this is worth a factor of three; a ping-pong never notices.
///
/// All that within the ring: who pauses while it fills makes the producer wait. So no more pauses than an eighth of its slots, half of
/// them is many, and a look that finds more makes the next pauses fewer. (Without, rings of 64 to 1024 slots cost twice what they cost by
/// hand; where a quarter of them is many, rings of 64 to 256 cost a quarter more.)
template <typename Platform>
class back_off {
 public:
  static constexpr std::int64_t one = 2, few = 8, enough = 512;
  static constexpr std::uint32_t least = 4, most = 128;

  /// After a batch, with the number of events that the look had found in a ring of so many slots.
  void after(std::int64_t found, std::int64_t slots) noexcept {
    if (found < one) {
      pauses_ = 0;
    } else if (found < (slots < 2 * enough ? slots / 2 : enough)) {
      auto const wanted = found < few ? 2 * least : pauses_ == 0 ? least : pauses_ * 2;
      pauses_ = wanted < bound(slots) ? wanted : bound(slots);
      for (std::uint32_t i = 0; i < pauses_; ++i) Platform::relax();
    } else if (found > slots / 2) {
      pauses_ /= 2;
    }
  }
  [[nodiscard]] auto pauses() const noexcept -> std::uint32_t { return pauses_; }

 private:
  static constexpr auto bound(std::int64_t slots) noexcept -> std::uint32_t { return slots / 8 < most ? static_cast<std::uint32_t>(slots / 8) : most; }

  std::uint32_t pauses_ = 0;
};

}  // namespace millrace
