// SPDX-License-Identifier: MIT
// One stage of some cost that any worker may run, event by event, between a source and a fold that needs the order. On two
// processors, of which the source, or the producer, takes its part too. Two loops at once, without order and without a ring, are what
// two processors have to give.
#pragma once

#include <cstdint>
#include <optional>

#include "support/burn.hpp"
#include "support/problem.hpp"

namespace bench::ordered_parallel {

inline constexpr topology topic{.name = "ordered_parallel",
                                .title = "a source, one stage of some cost on two workers, and a fold that needs the order",
                                .order = 12,
                                .events = 3'000'000,
                                .few = 5'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};
inline constexpr std::int64_t capacity = 8192;

struct event {
  std::int64_t value;
};
struct cost {
  char const* job;
  double ns;
  double share;  // of the topology's events
};
inline constexpr cost costs[] = {{"0.1 us an event", 100, 1}, {"1 us an event", 1'000, 0.1}, {"10 us an event", 10'000, 0.01}};

struct source {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<event> {
    if (next == end) return std::nullopt;
    return event{next++};
  }
};
/// The stage. What it returns does not depend on how long it takes.
struct work {
  std::int64_t links;
  auto operator()(event const& e) const noexcept -> std::uint64_t {
    auto const x = static_cast<std::uint64_t>(e.value);
    static_cast<void>(opaque(burn(links, x)));
    return x * 3 + 1;
  }
};
/// Depends on the order.
struct fold {
  std::uint64_t folded = 0;
  void operator()(std::uint64_t v) noexcept { folded = folded * 31 + v; }
};
inline auto expected(std::int64_t events) -> std::int64_t {
  fold f;
  for (std::int64_t i = 0; i < events; ++i) f(static_cast<std::uint64_t>(i) * 3 + 1);
  return static_cast<std::int64_t>(f.folded);
}

}  // namespace bench::ordered_parallel
