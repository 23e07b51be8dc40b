// SPDX-License-Identifier: MIT
// The events of a topology from a source, which is asked for the next one until it has none.
#pragma once

#include <cstdint>
#include <optional>

#include "support/cpu.hpp"

namespace bench {

/// `Fill(event, i)` makes the i-th, as it does for a producer.
template <typename Event, auto Fill>
struct filled_source {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<Event> {
    if (next == end) return std::nullopt;
    Event e{};
    Fill(e, next);
    next = opaque(next + 1);
    return e;
  }
};

}  // namespace bench
