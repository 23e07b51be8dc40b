// SPDX-License-Identifier: MIT
// Events of several producers, and what one stage sees of them.
#pragma once
#include <array>
#include <cstdint>

#include "support/history.hpp"

namespace support {

struct word {
  std::uint32_t who = 0;
  std::uint64_t nth = 0;
};

/// Each producer's events in order, some perhaps missing; and all of them as one number that depends on their order.
struct witness {
  std::array<std::uint64_t, 8> next{};
  std::uint64_t count = 0, digest = 0;
  bool in_order = true;
  void operator()(word const& w) {
    in_order = in_order && w.nth >= next[w.who];
    next[w.who] = w.nth + 1;
    ++count;
    digest = history::mix(digest, w.who * 1'000'003 + w.nth);
  }
};

}  // namespace support
