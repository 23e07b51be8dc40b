// SPDX-License-Identifier: MIT
// One hardware thread that the process may use, and what it has in common with others. A plain value, so that decisions about
// places are functions of values and are tested on machines nobody has.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace millrace {

struct processor {
  static constexpr std::size_t most_caches = 5;

  int cpu = 0;      ///< the system's number for it
  int core = 0;     ///< processors of one core are siblings: they share its pipeline
  int sibling = 0;  ///< 0 for the first of its core that the process may use, 1 for the second, ...
  int node = 0;     ///< the system's number for the NUMA node whose memory is nearest
  int speed = 0;    ///< higher is faster, where a machine has cores of several kinds; otherwise 0 for all

  std::array<int, most_caches> cache{-1, -1, -1, -1, -1};  ///< which cache of level 1, 2, ... it uses; -1: none of that level
  std::vector<std::uint64_t> within;  ///< whatever it is a part of (machine, package, caches, core), outermost first, by identity
};

/// The level of the nearest data cache that both use, or 0: they meet in memory only.
[[nodiscard]] inline auto shared_cache(processor const& a, processor const& b) noexcept -> int {
  for (std::size_t i = 0; i < processor::most_caches; ++i)
    if (a.cache[i] >= 0 && a.cache[i] == b.cache[i]) return static_cast<int>(i) + 1;
  return 0;
}

}  // namespace millrace
