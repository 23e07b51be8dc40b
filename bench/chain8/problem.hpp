// SPDX-License-Identifier: MIT
// Eight stages, the producer counted as the first: six times v = v * C + k, then a sink that folds with exclusive or.
// Events of 8 bytes, ring of 8192. In place or as results, as in chain3.
#pragma once

#include <cstdint>

#include "support/cpu.hpp"
#include "support/problem.hpp"

namespace bench::chain8 {

inline constexpr topology topic{.name = "chain8",
                                .title = "eight stages, the producer counted, 8-byte events",
                                .order = 3,
                                .events = 30'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 8192;
inline constexpr char const* in_place = "in place";
inline constexpr char const* results = "results";

struct event {
  std::uint64_t value;
};

inline constexpr auto fill = [](event& e, std::int64_t i) noexcept { e.value = static_cast<std::uint64_t>(i); };

inline constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;

/// In place.
template <std::uint64_t K>
struct change {
  void operator()(event& e) const noexcept { e.value = opaque(e.value * factor + K); }
};

/// As a result: of the event for the first, of the value before it for the others.
template <std::uint64_t K>
struct compute {
  auto operator()(event const& e) const noexcept -> std::uint64_t { return (*this)(e.value); }
  auto operator()(std::uint64_t v) const noexcept -> std::uint64_t { return opaque(v * factor + K); }
};

/// The last stage, for both.
struct fold {
  std::uint64_t folded = 0;
  void operator()(event const& e) noexcept { (*this)(e.value); }
  void operator()(std::uint64_t v) noexcept { folded = opaque(folded ^ v); }
};

/// The oracle.
inline auto expected(std::int64_t events) noexcept -> std::uint64_t {
  std::uint64_t folded = 0;
  for (std::int64_t i = 0; i < events; ++i) {
    auto v = static_cast<std::uint64_t>(i);
    for (std::uint64_t k = 1; k <= 6; ++k) v = v * factor + k;
    folded ^= v;
  }
  return folded;
}

inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : batch == 10 ? "publish 10" : "publish 1024"; }

}  // namespace bench::chain8
