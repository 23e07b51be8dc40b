// SPDX-License-Identifier: MIT
// LMAX's OneToThreeDiamond: two stages ask beside each other whether a number can be divided by three and by five, a third one
// counts those with both. Ring of 8192. The answers may be written into the event ("in place"), or handed on as values
// ("results"): two styles of the same job, each with its own limit.
#pragma once

#include <cstdint>

#include "support/cpu.hpp"
#include "support/problem.hpp"
#include "support/source.hpp"

namespace bench::diamond {

inline constexpr topology topic{.name = "diamond",
                                .title = "two stages beside each other and one behind both, 16-byte events",
                                .order = 10,
                                .events = 30'000'000,
                                .few = 20'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 8192;
inline constexpr char const* in_place = "in place";
inline constexpr char const* results = "results";

struct event {
  std::int64_t value;
  bool fizz, buzz;
};

inline constexpr auto fill = [](event& e, std::int64_t i) noexcept { e.value = i; };

/// The same events from a source.
using source = filled_source<event, fill>;

/// As results.
struct is_fizz {
  auto operator()(event const& e) const noexcept -> bool { return opaque(e.value % 3 == 0); }
};
struct is_buzz {
  auto operator()(event const& e) const noexcept -> bool { return opaque(e.value % 5 == 0); }
};

/// In place.
struct set_fizz {
  void operator()(event& e) const noexcept { e.fizz = is_fizz{}(e); }
};
struct set_buzz {
  void operator()(event& e) const noexcept { e.buzz = is_buzz{}(e); }
};

/// The last stage, for both.
struct count_both {
  std::int64_t count = 0;
  void operator()(event const& e) noexcept { (*this)(e.fizz, e.buzz); }
  void operator()(bool fizz, bool buzz) noexcept { count = opaque(count + (fizz && buzz ? 1 : 0)); }
};

/// The oracle.
inline auto expected(std::int64_t events) noexcept -> std::int64_t { return (events + 14) / 15; }

inline constexpr char const* own_source = "own source";
inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : "publish 10"; }

}  // namespace bench::diamond
