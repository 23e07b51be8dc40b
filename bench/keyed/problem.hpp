// SPDX-License-Identifier: MIT
// One stage that keeps something for each of 100,000 keys, of which few are frequent (Zipf, 0.9), on two workers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "support/burn.hpp"
#include "support/problem.hpp"

namespace bench::keyed {

inline constexpr topology topic{.name = "keyed",
                                .title = "a source, one stage with state for each of 100,000 keys on two workers, and a fold that needs the order",
                                .order = 14,
                                .events = 1'000'000,
                                .few = 5'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};
inline constexpr std::int64_t capacity = 8192;
inline constexpr std::size_t key_count = 100'000;

struct event {
  std::int64_t key, number;
};
struct cost {
  char const* job;
  double ns;  // beside what the table costs
};
inline constexpr cost costs[] = {{"a counter in a table", 0}, {"and 0.1 us an event", 100}, {"and 0.5 us an event", 500}};

/// A million keys, drawn once.
inline auto keys() -> std::vector<std::int32_t> const& {
  static auto const drawn = [] {
    std::vector<double> below(key_count);
    double sum = 0;
    for (std::size_t k = 0; k < key_count; ++k) below[k] = sum += std::pow(static_cast<double>(k + 1), -0.9);
    std::mt19937_64 dice{42};
    std::vector<std::int32_t> all(1 << 20);
    for (auto& k : all) {
      auto const at = std::lower_bound(below.begin(), below.end(), std::uniform_real_distribution<double>{0, sum}(dice));
      k = static_cast<std::int32_t>((at == below.end() ? at - 1 : at) - below.begin());
    }
    return all;
  }();
  return drawn;
}
struct source {
  std::int64_t end;
  std::int32_t const* drawn = keys().data();
  std::int64_t next = 0;
  auto operator()() noexcept -> std::optional<event> {
    if (next == end) return std::nullopt;
    event const e{drawn[next & ((1 << 20) - 1)], next};
    ++next;
    return e;
  }
};
/// How often the key was seen before, whatever the table.
template <typename Table>
struct work {
  std::int64_t links;
  Table table{};
  auto operator()(event const& e) -> std::int64_t {
    if (links > 1) static_cast<void>(opaque(burn(links, static_cast<std::uint64_t>(e.number))));
    return table[e.key]++;
  }
};
inline auto links_of(double ns) -> std::int64_t { return ns == 0 ? 0 : links_for(ns); }
/// Depends on the order.
struct fold {
  std::uint64_t folded = 0;
  void operator()(std::int64_t v) noexcept { folded = folded * 31 + static_cast<std::uint64_t>(v); }
};
inline auto expected(std::int64_t events) -> std::int64_t {
  std::vector<std::int64_t> seen(key_count);
  fold f;
  source from{.end = events};
  while (auto e = from()) f(seen[static_cast<std::size_t>(e->key)]++);
  return static_cast<std::int64_t>(f.folded);
}

}  // namespace bench::keyed
