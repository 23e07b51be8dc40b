// SPDX-License-Identifier: MIT
// One word beside a slot: who waits for the reply to its event. It decides every race between who answers, who gives up, who calls
// the event off and who ends the pipeline.
//
//   0              nobody waits; so it is in every free slot
//   1              called off: the event is passed over if it has not begun
//   anything else  the address of who waits
//
// Whoever takes the address out of the word, and nobody else, may touch what it points to. Only the owner of an address ever puts
// it there, so after the slot is used again a late comparison fails.
#pragma once
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/sync/platform.hpp>
#include <millrace/sync/relax.hpp>

namespace millrace {

template <typename Platform>
class reply_token {
 public:
  /// Called by  who has claimed the slot, before it is published.
  void put(void* who) noexcept {
    word_.store(reinterpret_cast<std::uintptr_t>(who), Platform::template order<site::reply_put>(std::memory_order::release));  // pairs with take(), by somebody who looks at no mark
  }
  /// Who waits, for the one who calls this to answer; null if nobody does any more.
  /// Called by  whoever has to do with the event; the first one gets it.
  /// Costs      a load if nobody waits: what was put is visible with the event, and nobody but its owner puts anything.
  [[nodiscard]] MILLRACE_INLINE auto take() noexcept -> void* {
    if (word_.load(std::memory_order::relaxed) == nobody) [[likely]] return nullptr;  // relaxed: there is nothing to take over
    return take_surely();
  }
  /// The same at the end, also of what was put by somebody whose event this thread has not seen.
  [[nodiscard]] auto take_surely() noexcept -> void* {
    auto const was = word_.exchange(nobody, Platform::template order<site::reply_take>(std::memory_order::acquire));  // pairs with put()
    return was <= off ? nullptr : reinterpret_cast<void*>(was);
  }
  /// `who` gives up waiting. True: it is his own again, and nobody will answer. False: somebody has taken it.
  [[nodiscard]] auto withdraw(void* who) noexcept -> bool { return replace(who, nobody); }
  /// The same, and the event is to be passed over if it has not begun.
  [[nodiscard]] auto call_off(void* who) noexcept -> bool { return replace(who, off); }
  /// Fetches the word, and the first 48 bytes of what it is the address of, for somebody who will answer soon.
  [[nodiscard]] MILLRACE_INLINE auto called_off() const noexcept -> bool {
    fetch_for_writing(&word_);
    auto const now = word_.load(std::memory_order::relaxed);  // a wish: it orders nothing
    if (now > off) {  // an address, no more: who waits may be gone
      fetch_for_writing(reinterpret_cast<void const*>(now));
      fetch_for_writing(reinterpret_cast<void const*>(now + 47));  // the next line, if it is in two
    }
    return now == off;
  }

 private:
  static constexpr std::uintptr_t nobody = 0, off = 1;

  auto replace(void* who, std::uintptr_t by) noexcept -> bool {
    auto mine = reinterpret_cast<std::uintptr_t>(who);
    return word_.compare_exchange_strong(mine, by, std::memory_order::relaxed, std::memory_order::relaxed);  // relaxed: it excludes others, and takes over nothing of theirs
  }

  typename Platform::template atomic<std::uintptr_t> word_{nobody};
};

}  // namespace millrace
