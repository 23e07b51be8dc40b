// SPDX-License-Identifier: MIT
// Chance that comes again from its seed, on every machine.
#pragma once
#include <cstddef>
#include <cstdint>

namespace storm {

class dice {
 public:
  constexpr explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

  /// After Steele, Lea, Flood: splitmix64.
  constexpr auto next() noexcept -> std::uint64_t {
    auto z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  [[nodiscard]] constexpr auto below(std::uint64_t n) noexcept -> std::uint64_t { return n == 0 ? 0 : next() % n; }
  [[nodiscard]] constexpr auto between(std::uint64_t least, std::uint64_t most) noexcept -> std::uint64_t { return least + below(most - least + 1); }
  [[nodiscard]] constexpr auto one_in(std::uint64_t n) noexcept -> bool { return below(n) == 0; }
  /// From 1 to 2^most, each power of two as likely as the next.
  [[nodiscard]] constexpr auto power(std::uint64_t most) noexcept -> std::size_t { return std::size_t{1} << below(most + 1); }

 private:
  std::uint64_t state_;
};

}  // namespace storm
