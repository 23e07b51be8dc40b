// SPDX-License-Identifier: MIT
// Three sides of something that is started, ends, and may be asked to stop, each at any time: nothing happens at the end before who
// starts it has let go, and nobody asks before that either.
#pragma once
#include <cstdint>

#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class handshake {
 public:
  enum class found : std::uint8_t { nothing, finished, asked };

  /// Who started it lets go of it. If it is finished, or was asked to stop, that is now his to deal with.
  [[nodiscard]] auto let_go() noexcept -> found {
    auto const before = step(started);
    return (before & finished) != 0 ? found::finished : (before & asked) != 0 ? found::asked : found::nothing;
  }
  /// It has ended. True: who started it has let go, so go on.
  [[nodiscard]] auto finish() noexcept -> bool { return (step(finished) & started) != 0; }
  /// Somebody wants it to stop. True: it was let go and has not ended, so try.
  [[nodiscard]] auto ask() noexcept -> bool { return (step(asked) & (started | finished)) == started; }

 private:
  static constexpr std::uint32_t started = 1, finished = 2, asked = 4;

  auto step(std::uint32_t which) noexcept -> std::uint32_t {
    return word_.fetch_or(which, Platform::template order<site::handshake_step>(std::memory_order::acq_rel));  // pairs with each other step
  }
  typename Platform::template atomic<std::uint32_t> word_{0};
};

}  // namespace millrace
