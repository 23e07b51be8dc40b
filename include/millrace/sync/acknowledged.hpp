// SPDX-License-Identifier: MIT
// The cursor of a stage that has two opinions on how far it is: what its handler has seen, and what somebody has acknowledged. It stands at
// the lesser of the two, and passes over events that the handler had not to see: nobody can acknowledge those.
//
//   handler:  mark what is passed over;  ran.publish(s);  read-modify-write of acked;  raise the cursor
//   anybody:  read-modify-write of acked;                 look at ran and the marks;   raise the cursor
//
// The later of the two read-modify-writes reads the earlier, and acquires what stood before it: so one of the two sees both.
#pragma once
#include <cstddef>

#include <millrace/base/capacity.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

template <typename Platform>
class acknowledged {
 public:
  /// There may be events that the handler does not see. The cursor makes room: what is marked is never more than a lap behind.
  /// Called before anybody else knows of it.
  /// Throws     std::bad_alloc.
  void passes_over(capacity slots) { mask_ = slots.mask(), passed_over_.reset(new word[static_cast<std::size_t>(slots.slots())]()); }

  /// The handler has done everything below `to`.
  /// Called by  the holder of the stage.
  void ran(sequence to, lanes<Platform>& stage) noexcept {
    ran_.publish(to);
    release(acked_.fetch_add(0, Platform::template order<site::ack_raise>(std::memory_order::acq_rel)), stage);  // pairs with up_to()
  }
  /// The same if it may have seen some only: those that `sees(sequence)` says.
  template <typename Sees>
  void ran(sequence to, lanes<Platform>& stage, Sees sees) noexcept {
    for (auto q = ran_.own(); q < to; ++q)
      if (!sees(q)) mark_of(q).store(q + 1, std::memory_order::relaxed);  // shown with ran_
    ran(to, stage);
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
  using word = typename Platform::template atomic<sequence>;

  auto mark_of(sequence q) noexcept -> word& { return passed_over_[static_cast<std::size_t>(q & mask_)]; }
  void release(sequence acked, lanes<Platform>& stage) noexcept {
    auto const seen = ran_.published();
    auto to = acked < seen ? acked : seen;
    if (passed_over_ != nullptr) {
      if (auto const there = stage.at(0); there > to) to = there;  // others have passed over what stood between
      // A mark names its event: that of another lap stops here, and then the cursor is beyond it.
      while (to < seen && mark_of(to).load(std::memory_order::relaxed) == to + 1) ++to;  // shown with ran_
    }
    stage.raise(to);
  }

  alignas(cache_line_size) cursor<Platform, site::lane_advance, site::lane_reached> ran_;
  alignas(cache_line_size) typename Platform::template atomic<sequence> acked_{0};
  sequence mask_ = 0;
  owned<word[]> passed_over_;  // of each slot: behind the event there that the handler did not see
};

}  // namespace millrace
