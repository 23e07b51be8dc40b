// SPDX-License-Identifier: MIT
// What becomes of an answer that two sides have to do with: the one who brings it, and the one who reads it, waits for it, leaves
// something to be called with it, or is no longer interested. Each sets a bit; who comes second sees what the first one did.
#pragma once
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/sync/event_count.hpp>

namespace millrace {

template <typename Platform>
class settlement {
 public:
  enum bits : std::uint32_t {
    ready = 1,     // the answer is there
    asleep = 2,  // somebody sleeps until it is
    chained = 4,   // something is to be called with it
    dropped = 8,   // nobody wants it
    watched = 16,  // somebody sleeps until one of several is there
  };

  /// Before it is lent out; nobody else has it.
  void begin() noexcept {
    word_.store(0, std::memory_order::relaxed);  // its address reaches others by the token
  }
  [[nodiscard]] MILLRACE_INLINE auto is_ready() const noexcept -> bool {
    return (word_.load(Platform::template order<site::answer_read>(std::memory_order::acquire)) & ready) != 0;  // pairs with add()
  }
  /// Sets a bit, and says which were set before.
  /// Orders     both ways: what was written before any earlier bit was set is visible, and what was written before this is to later ones.
  auto add(bits b) noexcept -> std::uint32_t {
    return word_.fetch_or(b, Platform::template order<site::answer_settle>(std::memory_order::acq_rel));  // pairs with each other add()
  }
  /// Where `asleep` sleeps.
  event_count<Platform> bed;

 private:
  typename Platform::template atomic<std::uint32_t> word_{0};
};

}  // namespace millrace
