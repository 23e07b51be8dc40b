// SPDX-License-Identifier: MIT
// Which bodies exist, and how a run of stages is made of them. Bodies are instantiated at compile time and chosen at run time:
// all pairs up to 8 stages, aligned powers of two beyond (16 stages: 30 bodies instead of 136, a third of the compile time).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <millrace/stage/bodies.hpp>

namespace millrace {

/// The bodies that stages [i, j) of a segment are run with, one after the other.
template <typename Segment>
struct body_list {
  using entry = typename bodies<Segment>::entry;
  std::array<entry, Segment::stages> part{};
  std::array<std::uint8_t, Segment::stages + 1> from{};  // part p runs stages [from[p], from[p + 1])
  std::size_t parts = 0;
};

/// A table as a value.
template <typename Segment>
struct body_choice {
  using entry = typename bodies<Segment>::entry;
  body_list<Segment> (*compose)(std::size_t i, std::size_t j) noexcept;
  entry (*careful)(std::size_t s) noexcept;
  entry (*shared)(std::size_t s, bool carefully) noexcept;
  entry (*row)(std::size_t s) noexcept;
};

template <typename Segment, bool KeepsAll = false>
class body_table {
  using bodies = millrace::bodies<Segment, KeepsAll>;

 public:
  using entry = typename millrace::bodies<Segment>::entry;
  static constexpr std::size_t stages = Segment::stages;
  static constexpr std::size_t all_pairs_up_to = 8;

  /// Whether one body runs stages [i, j): no batch handler among several, and a length that is built. A whole pipeline with
  /// its own source always has one, so that it is one loop.
  static constexpr auto exists(std::size_t i, std::size_t j) -> bool {
    if (j == i + 1) return true;
    for (auto s = i; s < j; ++s)
      if (Segment::stands_alone(s)) return false;
    auto const n = j - i;
    if (stages <= all_pairs_up_to || (Segment::own_source && i == 0 && j == stages)) return true;
    return (n & (n - 1)) == 0 && n <= all_pairs_up_to && i % n == 0;
  }

  /// The body of one stage.
  static auto single(std::size_t s) noexcept -> entry { return rows[s][0]; }

  /// The same where events have failed before it. An own source has none.
  static auto careful(std::size_t s) noexcept -> entry { return careful_ones[s]; }

  /// A part of a stage that is shared: the lanes of its line.
  static auto shared(std::size_t s, bool carefully) noexcept -> entry { return parts[carefully ? 1 : 0][s]; }

  /// The same of a whole row of pools, by its first stage.
  static auto row_of_pools(std::size_t s) noexcept -> entry { return pool_rows[s]; }

  /// The fewest bodies from the left that together run stages [i, j).
  static auto compose(std::size_t i, std::size_t j) noexcept -> body_list<Segment> {
    body_list<Segment> list;
    list.from[0] = static_cast<std::uint8_t>(i);
    while (i < j) {
      auto end = j;
      while (rows[i][end - i - 1] == nullptr) --end;
      list.part[list.parts] = rows[i][end - i - 1];
      list.from[++list.parts] = static_cast<std::uint8_t>(end);
      i = end;
    }
    return list;
  }
  static constexpr body_choice<Segment> choice{&compose, &careful, &shared, &row_of_pools};

 private:
  static constexpr std::size_t shift = Segment::own_source ? 1 : 0;

  template <std::size_t I, std::size_t J>
  static constexpr auto body() -> entry {
    if constexpr (J > stages) return nullptr;
    else if constexpr (!exists(I, J)) return nullptr;
    else if constexpr (Segment::own_source && I == 0) return &bodies::template sourced<J - 1>;
    else if constexpr (Segment::expands(I)) return &bodies::template expanding<I - shift>;
    else if constexpr (Segment::awaits_parts(I)) return &bodies::template answering<I - shift, false>;
    else if constexpr (Segment::sends(I)) return &bodies::template sending<I - shift>;
    else if constexpr (Segment::is_batch_stage(I)) return &bodies::template whole<I - shift, false>;
    else if constexpr (Segment::retries(I)) return &bodies::template singly<I - shift, false>;
    else return &bodies::template each<I - shift, J - shift>;
  }
  template <std::size_t I, bool Careful>
  static constexpr auto part_body() -> entry {
    if constexpr (Segment::shares(I) == sharing::none || (Careful && !Segment::forgives)) return nullptr;
    else return &bodies::template part<I - shift, Careful>;
  }
  template <std::size_t I>
  static constexpr auto pool_row() -> entry {
    constexpr auto end = Segment::row_of_pools(I);
    if constexpr (end == I + 1) return nullptr;
    else return &bodies::template parts<I - shift, end - shift>;
  }
  template <std::size_t... I>
  static constexpr auto all_pool_rows(std::index_sequence<I...>) -> std::array<entry, stages> { return {pool_row<I>()...}; }
  static constexpr std::array<entry, stages> pool_rows = all_pool_rows(std::make_index_sequence<stages>{});
  template <bool Careful, std::size_t... I>
  static constexpr auto all_parts(std::index_sequence<I...>) -> std::array<entry, stages> { return {part_body<I, Careful>()...}; }
  static constexpr std::array<entry, stages> parts[2] = {all_parts<false>(std::make_index_sequence<stages>{}), all_parts<true>(std::make_index_sequence<stages>{})};
  template <std::size_t I>
  static constexpr auto careful_body() -> entry {
    if constexpr (!Segment::forgives || (Segment::own_source && I == 0)) return nullptr;
    else if constexpr (Segment::expands(I)) return &bodies::template expanding<I - shift>;
    else if constexpr (Segment::awaits_parts(I)) return &bodies::template answering<I - shift, true>;
    else if constexpr (Segment::sends(I)) return &bodies::template sending<I - shift>;
    else if constexpr (Segment::is_batch_stage(I)) return &bodies::template whole<I - shift, true>;
    else return &bodies::template singly<I - shift, true>;
  }
  template <std::size_t... I>
  static constexpr auto all_careful(std::index_sequence<I...>) -> std::array<entry, stages> { return {careful_body<I>()...}; }
  static constexpr std::array<entry, stages> careful_ones = all_careful(std::make_index_sequence<stages>{});

  template <std::size_t I, std::size_t... D>
  static constexpr auto row(std::index_sequence<D...>) -> std::array<entry, stages> { return {body<I, I + D + 1>()...}; }
  template <std::size_t... I>
  static constexpr auto all(std::index_sequence<I...>) -> std::array<std::array<entry, stages>, stages> {
    return {row<I>(std::make_index_sequence<stages>{})...};
  }
  static constexpr std::array<std::array<entry, stages>, stages> rows = all(std::make_index_sequence<stages>{});
};

}  // namespace millrace
