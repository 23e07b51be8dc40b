// SPDX-License-Identifier: MIT
// A pipeline that makes its own events: the stages of chain3 and chain8 behind a source that is asked for the next
// event until it has none. Nothing needs to leave the core; the limit is the loop that one would write.
#pragma once

#include <cstdint>
#include <optional>

#include "chain3/problem.hpp"
#include "chain8/problem.hpp"
#include "support/cpu.hpp"
#include "support/problem.hpp"

namespace bench::own_source {

inline constexpr topology topic{.name = "own_source",
                                .title = "a source of its own and three stages, and eight stages in all",
                                .order = 4,
                                .events = 100'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr char const* three = "3 stages";
inline constexpr char const* eight = "8 stages";

/// The events of chain3.
struct source3 {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<chain3::event> {
    if (next == end) return std::nullopt;
    chain3::event e{};
    chain3::fill(e, next);
    next = opaque(next + 1);
    return e;
  }
};

/// The events of chain8, of which this is the first stage.
struct source8 {
  std::int64_t end;
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<chain8::event> {
    if (next == end) return std::nullopt;
    chain8::event e{};
    chain8::fill(e, next);
    next = opaque(next + 1);
    return e;
  }
};

}  // namespace bench::own_source
