// SPDX-License-Identifier: MIT
// Work of about so many nanoseconds: a chain of multiplications, which waits for nothing but itself and touches no memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "support/cpu.hpp"

namespace bench {

[[gnu::noinline]] inline auto burn(std::int64_t links, std::uint64_t x) noexcept -> std::uint64_t {
  for (; links > 0; --links) x = opaque(x * 0x9e3779b97f4a7c15U + 1);
  return x;
}

/// Links of the chain for so many nanoseconds an event, where one event follows the other: short chains overlap in the core. Measured
/// once for each: the most of several tries.
inline auto links_for(double ns) -> std::int64_t {
  static std::map<double, std::int64_t> known;
  if (auto const at = known.find(ns); at != known.end()) return at->second;
  auto links = static_cast<std::int64_t>(ns) + 1;
  for (int i = 0; i < 20; ++i) {
    auto const calls = static_cast<std::uint64_t>(200'000 / ns) + 1;
    auto const begin = std::chrono::steady_clock::now();
    for (std::uint64_t x = 0; x < calls; ++x) static_cast<void>(opaque(burn(links, x)));
    auto const took = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(calls);
    if (auto const better = static_cast<std::int64_t>(static_cast<double>(links) * ns / took); i < 5 || better > links) links = better + 1;
  }
  return known[ns] = links;
}

}  // namespace bench
