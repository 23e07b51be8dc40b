// SPDX-License-Identifier: MIT
// Three stages behind a producer, LMAX's OneToThreePipeline: r1 = a + b; r2 = r1 + 3; count the events with r2 & 4.
// Events of 56 bytes, ring of 8192. The stages may write their results into the event ("in place"), or hand them on as
// values ("results"): two styles of the same job, each with its own limit.
#pragma once

#include <cstdint>

#include "support/cpu.hpp"
#include "support/problem.hpp"

namespace bench::chain3 {

inline constexpr topology topic{.name = "chain3",
                                .title = "a producer and three stages, 56-byte events",
                                .order = 2,
                                .events = 30'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 8192;
inline constexpr char const* in_place = "in place";
inline constexpr char const* results = "results";

struct event {
  std::int64_t a, b, r1, r2;
  std::int64_t rest[3];
};

inline constexpr auto fill = [](event& e, std::int64_t i) noexcept {
  e.a = i;
  e.b = 7;
};

/// In place.
struct add {
  void operator()(event& e) const noexcept { e.r1 = opaque(e.a + e.b); }
};
struct add_three {
  void operator()(event& e) const noexcept { e.r2 = opaque(e.r1 + 3); }
};

/// As results.
struct sum_of {
  auto operator()(event const& e) const noexcept -> std::int64_t { return opaque(e.a + e.b); }
};
struct plus_three {
  auto operator()(std::int64_t r1) const noexcept -> std::int64_t { return opaque(r1 + 3); }
};

/// The last stage, for both.
struct count_fours {
  std::int64_t count = 0;
  void operator()(event const& e) noexcept { (*this)(e.r2); }
  void operator()(std::int64_t r2) noexcept { count = opaque(count + ((r2 >> 2) & 1)); }
};

/// The oracle.
inline auto expected(std::int64_t events) noexcept -> std::int64_t {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < events; ++i) count += (i + 7 + 3) / 4 % 2;
  return count;
}

inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : batch == 10 ? "publish 10" : "publish 1024"; }

}  // namespace bench::chain3
