// SPDX-License-Identifier: MIT
// How events have keys: evenly, a few of them most of the time, or all of them the same one.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "storm/dice.hpp"

namespace storm {

/// Events of a part come in order: those of a key, of one of so many producers.
struct keys_of {
  static constexpr std::size_t producers = 4, keys = 64, most = keys * producers;

  char const* name;
  std::size_t (*key)(std::uint64_t number);
  std::size_t (*part)(std::uint64_t number);
};

constexpr auto even_key(std::uint64_t number) noexcept -> std::size_t { return number % 8; }
/// Key k is 1/(k + 1) times as frequent as key 0 (Zipf).
constexpr auto zipf_key(std::uint64_t number) noexcept -> std::size_t {
  constexpr auto up_to = [] {
    std::array<std::uint64_t, keys_of::keys> sum{};
    std::uint64_t all = 0;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = all += 1'000'000 / (k + 1);
    return sum;
  }();
  auto const at = dice{number}.below(up_to.back());
  std::size_t k = 0;
  while (up_to[k] <= at) ++k;
  return k;
}
constexpr auto one_key(std::uint64_t) noexcept -> std::size_t { return 7; }

/// With several producers an order is a producer's.
template <std::size_t (*Key)(std::uint64_t), std::size_t Producers>
constexpr auto part_by(std::uint64_t number) noexcept -> std::size_t { return Key(number) * Producers + number % Producers; }
inline constexpr keys_of even_keys{"even", even_key, part_by<even_key, 1>};
inline constexpr keys_of key_kinds[] = {even_keys, {"Zipf", zipf_key, part_by<zipf_key, 1>}, {"one", one_key, part_by<one_key, 1>}};
inline constexpr keys_of key_kinds_of_many[] = {{"even", even_key, part_by<even_key, keys_of::producers>}, {"Zipf", zipf_key, part_by<zipf_key, keys_of::producers>}, {"one", one_key, part_by<one_key, keys_of::producers>}};
/// One kind, drawn.
inline auto keys_for(std::size_t kind, std::size_t producers) noexcept -> keys_of const& { return producers == 1 ? key_kinds[kind] : key_kinds_of_many[kind]; }
/// What a stage is told: `v.number()` has this key.
struct key_of {
  std::size_t (*key)(std::uint64_t);
  template <typename T>
  auto operator()(T const& v) const noexcept -> std::size_t { return key(v.number()); }
};

}  // namespace storm
