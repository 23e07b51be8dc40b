// SPDX-License-Identifier: MIT
// LMAX's OneToThree: three stages that know nothing of each other see every event; one adds the values up, one subtracts them, one
// ands them. 8-byte events, ring of 8192.
#pragma once

#include <cstdint>

#include "support/check.hpp"
#include "support/cpu.hpp"
#include "support/problem.hpp"
#include "support/source.hpp"

namespace bench::multicast {

inline constexpr topology topic{.name = "multicast",
                                .title = "three stages that all see every event, 8-byte events",
                                .order = 11,
                                .events = 30'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 8192;

struct event {
  std::int64_t value;
};

inline constexpr auto fill = [](event& e, std::int64_t i) noexcept { e.value = i + 1; };

/// The same events from a source.
using source = filled_source<event, fill>;

struct addition {
  std::int64_t value = 0;
  void operator()(event const& e) noexcept { value = opaque(value + e.value); }
};
struct subtraction {
  std::int64_t value = 0;
  void operator()(event const& e) noexcept { value = opaque(value - e.value); }
};
struct conjunction {
  std::int64_t value = -1;
  void operator()(event const& e) noexcept { value = opaque(value & (e.value | 1)); }
};

/// What all three have come to, and the oracle.
struct outcome {
  addition add;
  subtraction subtract;
  conjunction both;

  void check(char const* contender, std::int64_t events) const {
    expect_equal(contender, add.value, events * (events + 1) / 2);
    expect_equal(contender, subtract.value, -(events * (events + 1) / 2));
    expect_equal(contender, both.value, std::int64_t{1});
  }
};

inline constexpr char const* own_source = "own source";
inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : "publish 10"; }

}  // namespace bench::multicast
