// SPDX-License-Identifier: MIT
// Where threads sleep: a 32-bit word, an epoch with one bit that says whether anybody sleeps in it.
//
// The idea is Vyukov's event count (Relacy forum, 2008): announce, look again, sleep; who makes progress wakes the epoch.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

/// Sleepers announce themselves with prepare(), look again at what they wait for, and then wait(). A notify() after the
/// announcement ends the wait, however early it comes. One system call per announced sleep, however many notify.
template <typename Platform>
class event_count {
 public:
  using key = std::uint32_t;

  explicit event_count(std::uint32_t first_epoch = 0) noexcept : word_{first_epoch << 1} {}

  /// Called by  any thread that is going to sleep, before it sets its bit anywhere.
  [[nodiscard]] auto prepare() noexcept -> key {
    return word_.fetch_or(sleeping, Platform::template order<site::count_prepare>(std::memory_order::acq_rel)) |  // pairs with the exchange in notify()
           sleeping;
  }
  /// Sleeps until the epoch of `k` is over.
  void wait(key k) noexcept {
    while (still(k)) Platform::wait(word_, k);
  }
  /// The same, until Platform::now() is `deadline` at the latest.
  void wait_until(key k, std::int64_t deadline) noexcept {
    while (still(k)) {
      auto const left = deadline - Platform::now();
      if (left <= 0) return;
      Platform::wait_for(word_, k, left);
    }
  }
  /// Ends the epoch: wakes everybody who prepared in it.
  /// Called by  any thread.
  /// Costs      one load if nobody sleeps, else a read-modify-write and a system call.
  void notify() noexcept {
    // Acquire, because whoever was seen to sleep announced with a release; the release half makes the notifier's writes visible to who wakes.
    auto now = word_.load(Platform::template order<site::count_notify>(std::memory_order::acquire));  // pairs with prepare()
    while ((now & sleeping) != 0) {
      // + 1 carries the sleeping bit into the epoch. It fails if another notifier ended the epoch: then a new sleeper may have come.
      if (word_.compare_exchange_weak(now, now + 1, Platform::template order<site::count_notify>(std::memory_order::acq_rel),  // pairs with still()
                                      std::memory_order::relaxed)) {  // relaxed: a failed attempt takes nothing from the word
        Platform::wake_all(word_);
        return;
      }
    }
  }
  /// The same, for news that no cursor carries (a plan, the end): whoever prepares later sees what was written before.
  /// Costs      a read-modify-write, and a system call if somebody sleeps.
  void alert() noexcept {
    static_cast<void>(word_.fetch_add(0, Platform::template order<site::count_notify>(std::memory_order::acq_rel)));  // pairs with prepare()
    notify();
  }
  /// Whether somebody has announced himself in this epoch, for somebody who wants to know why nothing moves.
  [[nodiscard]] auto anybody() const noexcept -> bool {
    return (word_.load(std::memory_order::relaxed) & sleeping) != 0;  // a flag to look at: orders nothing
  }

 private:
  static constexpr std::uint32_t sleeping = 1;

  [[nodiscard]] auto still(key k) const noexcept -> bool {
    return word_.load(Platform::template order<site::count_recheck>(std::memory_order::acquire)) == k;  // pairs with the exchange in notify()
  }

  typename Platform::template atomic<std::uint32_t> word_;
};

}  // namespace millrace
