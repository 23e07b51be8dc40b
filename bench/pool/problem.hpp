// SPDX-License-Identifier: MIT
// Events that cost a microsecond or a millisecond, drawn beforehand: who gets the next one is not to be decided before he has time.
#pragma once

#include <cstdint>
#include <optional>

#include "ordered_parallel/problem.hpp"
#include "support/burn.hpp"
#include "support/problem.hpp"

namespace bench::pool {

inline constexpr topology topic{.name = "pool",
                                .title = "one stage on two workers whose events cost 1 us or 1 ms",
                                .order = 13,
                                .events = 1'000,
                                .few = 50,
                                .scales = false,
                                .quantities = {{{"throughput", "M events/s", true}}}};
inline constexpr std::int64_t capacity = 4096;

struct mixture {
  char const* job;
  std::uint64_t one_in;  // events that cost a millisecond
  double share;
};
inline constexpr mixture mixtures[] = {{"one in 2 costs 1 ms", 2, 1}, {"one in 100 costs 1 ms", 100, 30}};

struct source {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<std::int64_t> {
    if (next == end) return std::nullopt;
    return next++;
  }
};
struct work {
  std::uint64_t one_in;
  std::int64_t links_1us = links_for(1'000), links_1ms = links_for(1'000'000);
  auto operator()(std::int64_t i) const noexcept -> std::uint64_t {
    auto const x = static_cast<std::uint64_t>(i);
    auto const dice = (x + 1) * 0x9e3779b97f4a7c15U >> 33;
    static_cast<void>(opaque(burn(dice % one_in == 0 ? links_1ms : links_1us, x)));
    return x * 3 + 1;
  }
};
// What it makes of them is the same, and so is the fold.
using ordered_parallel::expected, ordered_parallel::fold;

}  // namespace bench::pool
