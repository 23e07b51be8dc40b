// SPDX-License-Identifier: MIT
// The highest sequence that any of several threads has named.
#pragma once
#include <millrace/base/sequence.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

/// Only grows. Orders nothing by itself: whoever raises it publishes a cursor afterwards, and who has read that cursor sees the mark.
template <typename Platform>
class high_mark {
 public:
  void raise(sequence to) noexcept {
    auto now = at_.load(std::memory_order::relaxed);                                            // relaxed: see above
    while (now < to && !at_.compare_exchange_weak(now, to, std::memory_order::relaxed)) {  // relaxed: see above
    }
  }
  [[nodiscard]] auto read() const noexcept -> sequence {
    return at_.load(std::memory_order::relaxed);  // relaxed: ordered by the cursor that was read before
  }

 private:
  typename Platform::template atomic<sequence> at_{0};
};

}  // namespace millrace
