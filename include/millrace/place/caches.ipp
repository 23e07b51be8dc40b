// SPDX-License-Identifier: MIT
// Caches by the processors that use them.
#pragma once
#include <cstddef>
#include <cstdint>

namespace millrace {

MILLRACE_COMPILED auto caches_of(std::vector<processor> const& all, std::vector<int> const& cpus) -> std::vector<std::uint32_t> {
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
