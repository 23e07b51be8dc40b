// SPDX-License-Identifier: MIT
// The static plans that are worth a try: by what the stages cost, as their author knows it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/millrace.hpp"

namespace bench::scheduled {

/// Who has what: `[0 1] [1 2]`; of a stage that is dealt to both by lanes, also how many.
inline auto said(mr::plan const& p) -> std::string {
  std::string out;
  for (std::size_t w = 0; w < p.workers(); ++w) {
    if (!p.employs(w)) continue;
    out += out.empty() ? "[" : " [";
    for (std::size_t s = 0, n = 0; s < p.stages(); ++s) {
      auto const mask = p.lanes(w, s);
      if (mask == 0) continue;
      out.append(n++ == 0 ? "" : " ").append(std::to_string(s));
      if (mask != 1 && ~mask != 0) out.append("/").append(std::to_string(std::popcount(mask)));
    }
    out += ']';
  }
  return out;
}

/// Fused, and the halves in which the fuller worker has no more than it must: cuts into neighbours, and what is better than those. With
/// many stages only cuts.
inline auto splits(std::vector<double> const& ns) -> std::vector<mr::grouping> {
  struct half {
    double fuller;
    std::uint64_t first;
  };
  auto const n = ns.size();
  std::vector<half> cuts, others;
  auto const consider = [&](std::uint64_t first) {
    double mine = 0, all = 0;
    for (std::size_t s = 0; s < n; ++s) all += ns[s], mine += (first >> s & 1) != 0 ? ns[s] : 0;
    ((first & (first + 1)) == 0 ? cuts : others).push_back({std::max(mine, all - mine), first});
  };
  if (n <= 8) for (std::uint64_t first = 1; first < (std::uint64_t{1} << n) - 1; first += 2) consider(first);
  else for (std::size_t k = 1; k < n; ++k) consider((std::uint64_t{1} << k) - 1);
  auto const by_fuller = [](half const& a, half const& b) { return a.fuller < b.fuller; };
  std::sort(cuts.begin(), cuts.end(), by_fuller), std::sort(others.begin(), others.end(), by_fuller);
  std::vector<mr::grouping> plans{mr::fused};
  auto const take = [&](std::vector<half> const& from, double bar, std::size_t most) {
    for (auto const& h : from) {
      if (most == 0 || h.fuller > bar) break;
      --most;
      mr::plan p{2, n};
      for (std::size_t s = 0; s < n; ++s) p.give((h.first >> s & 1) != 0 ? 0 : 1, s, 1);
      plans.emplace_back(p);
    }
  };
  take(cuts, 1.3 * cuts.front().fuller, 5);
  if (!others.empty()) take(others, std::min(cuts.front().fuller, 1.15 * others.front().fuller), 4);
  return plans;
}

}  // namespace bench::scheduled
