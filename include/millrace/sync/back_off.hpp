// SPDX-License-Identifier: MIT
// How a consumer lets batches form without being asked to.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

/// A producer that streams is disturbed by every look at its cursor: the line travels to the consumer and back. So while
/// looks keep finding some events, look less often: 4, 8 … 128 pauses, some five microseconds; 8 pauses, if they are very few; none
/// after a look that found many, but no fewer next time. One event at a time (somebody waits for the answer) or none resets. With one
/// event per publish this is worth a factor of three; a ping-pong never notices.
template <typename Platform>
class back_off {
 public:
  static constexpr std::int64_t one = 2, few = 8, enough = 512;
  static constexpr std::uint32_t least = 4, most = 128;

  /// After a batch, with the number of events that the look had found.
  void after(std::int64_t found) noexcept {
    if (found < one) {
      pauses_ = 0;
    } else if (found < enough) {
      pauses_ = found < few ? 2 * least : pauses_ == 0 ? least : (pauses_ * 2 < most ? pauses_ * 2 : most);
      for (std::uint32_t i = 0; i < pauses_; ++i) Platform::relax();
    }
  }
  [[nodiscard]] auto pauses() const noexcept -> std::uint32_t { return pauses_; }

 private:
  std::uint32_t pauses_ = 0;
};

}  // namespace millrace
