// SPDX-License-Identifier: MIT
// The least that carries a number to another core: a payload, and a flag that says which number it is.
#pragma once

#include <atomic>
#include <cstdint>

#include "support/cpu.hpp"

namespace bench::ping_pong {

/// Flag and payload on one line.
struct alignas(line) flagged {
  std::atomic<std::int64_t> flag{0};
  std::int64_t payload = 0;

  void send(std::int64_t number) noexcept {
    payload = number;
    flag.store(number, std::memory_order::release);  // pairs with the acquire in receive()
  }
  auto receive(std::int64_t number) noexcept -> std::int64_t {
    while (flag.load(std::memory_order::acquire) != number) {  // pairs with the release in send()
    }
    return payload;
  }
};

/// The same, but looking with pauses between two looks: a look takes the line away from who is writing it.
template <int Pauses>
struct flagged_pausing : flagged {
  auto receive(std::int64_t number) noexcept -> std::int64_t {
    while (flag.load(std::memory_order::acquire) != number)  // pairs with the release in send()
      for (int i = 0; i < Pauses; ++i) pause_once();
    return payload;
  }
};

/// The flag on one line, the payload on another: what a cursor and a slot are.
struct flagged_apart {
  alignas(line) std::atomic<std::int64_t> flag{0};
  alignas(line) std::int64_t payload = 0;

  void send(std::int64_t number) noexcept {
    payload = number;
    flag.store(number, std::memory_order::release);  // pairs with the acquire in receive()
  }
  auto receive(std::int64_t number) noexcept -> std::int64_t {
    while (flag.load(std::memory_order::acquire) != number) {  // pairs with the release in send()
    }
    return payload;
  }
};

}  // namespace bench::ping_pong
