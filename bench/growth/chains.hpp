// SPDX-License-Identifier: MIT
// Sentences, loops and graphs of N stages: behind each other, or beside each other.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "growth/curve.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"
#include "support/lmax_graph.hpp"
#include "support/millrace.hpp"
#include "support/stage_name.hpp"

namespace bench::growth {

inline constexpr std::int64_t capacity = 8192;

struct event {
  std::int64_t value;
};
inline constexpr auto fill = [](event& e, std::int64_t i) noexcept { e.value = i; };

/// Behind each other: each adds one; the last adds up what it finds.
struct add_one {
  void operator()(event& e) const noexcept { e.value = opaque(e.value + 1); }
};
struct add_up {
  std::int64_t sum = 0;
  void operator()(event const& e) noexcept { sum = opaque(sum + e.value); }
};
inline auto expected(std::int64_t events, std::int64_t added) -> std::int64_t { return events * (events - 1) / 2 + events * added; }

template <int N>
struct chain {
  static_assert(N >= 1);

  template <int K = 0, typename Sentence>
  static auto sentence(Sentence so_far, add_up& seen) {
    if constexpr (K == N - 1) return std::move(so_far) | mr::tap<"last">(reporting<add_up>{{}, &seen});
    else return sentence<K + 1>(std::move(so_far) | mr::change<stage_name<K>>(add_one{}), seen);
  }
  static auto millrace(load const& l) -> measured {
    constexpr char const* name = "growth of stages, millrace";
    add_up seen;
    auto crew = one_worker();
    mr::runner run{sentence(mr::from<event>(), seen), crew, {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, 1, fill);
    expect_equal(name, seen.sum, expected(l.events, N - 1));
    return result;
  }
  static auto by_hand(load const& l) -> measured {
    struct all {
      add_up last{};
      void operator()(event& e) noexcept {
        for (int k = 0; k < N - 1; ++k) add_one{}(e);
        last(e);
      }
    } stages;
    auto const result = stream<event, 0>(l.events, capacity, 1, fill, stages);
    expect_equal("growth of stages, by hand", stages.last.sum, expected(l.events, N - 1));
    return result;
  }
  static auto lmax_style(load const& l) -> measured {
    std::array<add_one, N> each;
    add_up last;
    auto const result = [&]<std::size_t... K>(std::index_sequence<K...>) {
      return lmax::chain<event, lmax::yielding, lmax::full_yields>(l.events, capacity, 1, fill, each[K]..., last);
    }(std::make_index_sequence<N - 1>{});
    expect_equal("growth of stages, lmax-style", last.sum, expected(l.events, N - 1));
    return result;
  }
};

/// Beside each other: all see every event.
template <int N>
struct fan {
  using sums = std::array<add_up, N>;
  static void check(char const* contender, sums const& all, std::int64_t events) {
    for (auto const& one : all) expect_equal(contender, one.sum, expected(events, 0));
  }

  template <int K = 0, typename Sentence>
  static auto sentence(Sentence so_far, sums& seen) {
    if constexpr (K == N) return so_far;
    else return sentence<K + 1>(std::move(so_far) | mr::tap<stage_name<K>>(reporting<add_up>{{}, &seen[K]}), seen);
  }
  static auto millrace(load const& l) -> measured {
    constexpr char const* name = "growth of consumers, millrace";
    sums seen{};
    auto crew = one_worker();
    mr::runner run{sentence(mr::from<event>(), seen), crew, {.capacity = capacity, .plan = mr::fused}};
    auto const result = drive<event>(run, name, l.events, 1, fill);
    check(name, seen, l.events);
    return result;
  }
  static auto by_hand(load const& l) -> measured {
    struct all {
      sums each{};
      void operator()(event const& e) noexcept {
        for (auto& one : each) one(e);
      }
    } consumers;
    auto const result = stream<event, 0>(l.events, capacity, 1, fill, consumers);
    check("growth of consumers, by hand", consumers.each, l.events);
    return result;
  }
  static auto lmax_style(load const& l) -> measured {
    sums each{};
    auto const result = [&]<std::size_t... K>(std::index_sequence<K...>) {
      return lmax::graph<event, lmax::yielding, lmax::full_yields>(l.events, capacity, 1, fill, lmax::behind<0>(each[K])...);
    }(std::make_index_sequence<N>{});
    check("growth of consumers, lmax-style", each, l.events);
    return result;
  }
};

/// Three contenders at each of these points; LMAX's way has a thread for each stage, so it ends earlier.
template <template <int> typename Kind, int... N>
auto points(topology const& where, char const* of_what) -> std::vector<entry> {
  std::vector<entry> all;
  auto const add = [&]<int Size>(std::integral_constant<int, Size>) {
    all.push_back(point(where, Size, of_what, "hand-written", "one loop behind a ring", role::limit, 1, Kind<Size>::by_hand));
    all.push_back(point(where, Size, of_what, "millrace", "fused", role::contender, 1, Kind<Size>::millrace));
    if constexpr (Size <= 16) all.push_back(point(where, Size, of_what, "lmax-style", "yielding", role::lmax, 0.3 / Size, Kind<Size>::lmax_style));
  };
  (add(std::integral_constant<int, N>{}), ...);
  return all;
}

inline constexpr topology stages = curve("growth_stages", "stages behind each other", 101);
inline constexpr topology consumers = curve("growth_consumers", "stages that all see every event", 102);

}  // namespace bench::growth
