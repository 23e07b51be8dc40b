// SPDX-License-Identifier: MIT
// Which workers are near each other, for those who plan: a number for each that says which large cache its core uses.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/place/processor.hpp>

namespace millrace {

/// For each of these processors (by the system's numbers, worker by worker) the number of the largest cache that it uses, counted from 0
/// in the order in which they appear; where no cache is known the memory node counts. An unpinned worker may be anywhere: it has the
/// number of the first.
[[nodiscard]] MILLRACE_COLD inline auto caches_of(std::vector<processor> const& all, std::vector<int> const& cpus) -> std::vector<std::uint32_t> {
  std::vector<processor const*> first;  // to use each cache
  std::vector<std::uint32_t> number;
  auto const same = [](processor const& a, processor const& b) {
    for (auto level = processor::most_caches; level-- > 0;)
      if (a.cache[level] >= 0 || b.cache[level] >= 0) return a.cache[level] == b.cache[level];
    return a.node == b.node;
  };
  for (int const cpu : cpus) {
    processor const* here = nullptr;
    for (auto const& p : all)
      if (p.cpu == cpu) here = &p;
    std::size_t n = 0;
    while (here != nullptr && n < first.size() && !same(*first[n], *here)) ++n;
    if (here != nullptr && n == first.size()) first.push_back(here);
    number.push_back(static_cast<std::uint32_t>(n));
  }
  return number;
}

}  // namespace millrace
