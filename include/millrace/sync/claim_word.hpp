// SPDX-License-Identifier: MIT
// How far a producer has claimed. Others look at it only when the ring closes: then either the producer sees that it is
// closed, or who closes sees the claim and waits for it.
#pragma once
#include <millrace/base/sequence.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class claim_word {
 public:
  explicit claim_word(sequence at) noexcept : to_{at} {}

  /// Before a slot is written; followed by a look at the closed bit, see waiters::is_closed.
  void announce(sequence to) noexcept {
    to_.store(to, Platform::template order<site::producer_claim>(std::memory_order::relaxed));  // relaxed: ordered by the barrier in waiters::look, whose partner is the heavy one
  }
  /// The rest of a claim is not going to be used.
  void give_back(sequence to) noexcept {
    to_.store(to, Platform::template order<site::producer_claim>(std::memory_order::relaxed));  // relaxed: says nothing of events, publish() does
  }
  /// Called by  who closes, after its heavy barrier.
  [[nodiscard]] auto settled() const noexcept -> sequence {
    return to_.load(Platform::template order<site::producer_settled>(std::memory_order::acquire));  // pairs with the barrier in announce's look
  }

 private:
  typename Platform::template atomic<sequence> to_;
};

}  // namespace millrace
