// SPDX-License-Identifier: MIT
// The cursor of a stage that has two opinions on how far it is: what its handler has seen, and what somebody has acknowledged. It stands at
// the lesser of the two.
//
//   handler:  ran.publish(s);      read-modify-write of acked;  raise the cursor to the lesser
//   anybody:  read-modify-write of acked;      look at ran;     raise the cursor to the lesser
//
// The later of the two read-modify-writes reads the earlier, and acquires what stood before it: so one of the two sees both.
#pragma once
#include <millrace/sync/lanes.hpp>

namespace millrace {

template <typename Platform>
class acknowledged {
 public:
  /// The handler has done everything below `to`.
  /// Called by  the holder of the stage.
  void ran(sequence to, lanes<Platform>& stage) noexcept {
    ran_.publish(to);
    release(acked_.fetch_add(0, Platform::template order<site::ack_raise>(std::memory_order::acq_rel)), stage);  // pairs with up_to()
  }
  /// Everything below `to` is acknowledged, also what the handler has not seen yet.
  /// Called by  any thread.
  void up_to(sequence to, lanes<Platform>& stage) noexcept {
    auto before = acked_.load(std::memory_order::relaxed);  // a guess for the exchange
    while (before < to)
      if (acked_.compare_exchange_weak(before, to, Platform::template order<site::ack_raise>(std::memory_order::acq_rel),  // pairs with ran()
                                       std::memory_order::relaxed))  // relaxed: a failed attempt takes nothing from the word
        return release(to, stage);
  }
  /// How far the handler is.
  [[nodiscard]] auto seen() const noexcept -> sequence { return ran_.published(); }

 private:
  void release(sequence acked, lanes<Platform>& stage) noexcept {
    auto const seen = ran_.published();
    stage.raise(acked < seen ? acked : seen);
  }

  alignas(cache_line_size) cursor<Platform, site::lane_advance, site::lane_reached> ran_;
  alignas(cache_line_size) typename Platform::template atomic<sequence> acked_{0};
};

}  // namespace millrace
