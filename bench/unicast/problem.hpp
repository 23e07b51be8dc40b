// SPDX-License-Identifier: MIT
// One producer, one consumer, events of 8 bytes: the consumer adds them up. Ring of 65536.
#pragma once

#include <cstdint>

#include "support/cpu.hpp"
#include "support/problem.hpp"

namespace bench::unicast {

inline constexpr topology topic{.name = "unicast",
                                .title = "one producer, one consumer, 8-byte events",
                                .order = 1,
                                .events = 60'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 65536;

struct event {
  std::int64_t value;
};

inline constexpr auto fill = [](event& e, std::int64_t i) noexcept { e.value = i; };

/// The consumer.
struct add_up {
  std::int64_t sum = 0;
  void operator()(event const& e) noexcept { sum = opaque(sum + e.value); }
};

/// The oracle: 0 + 1 + ... + (events - 1).
inline auto expected(std::int64_t events) noexcept -> std::int64_t {
  return events % 2 == 0 ? events / 2 * (events - 1) : (events - 1) / 2 * events;
}

inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : batch == 10 ? "publish 10" : "publish 1024"; }

}  // namespace bench::unicast
