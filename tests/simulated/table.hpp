// SPDX-License-Identifier: MIT
// Many scenarios, a line for each kind.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "simulated/cases.hpp"
#include "simulated/score.hpp"

namespace simulated {

inline constexpr std::array<char const*, 3> visited_kinds{"visited cv0", "visited cv1", "visited cv3"}, uneven_kinds{"uneven cv0", "uneven cv1", "uneven cv3"};

struct row {
  double cases = 0, regret = 0, worst = 0, above = 0, cores = 0, settled = 0, slow = 0, per_minute = 0, most_per_minute = 0, firsts = 0, first = 0, slowest_first = 0, reactions = 0, reaction = 0, slowest = 0;
  void add(score const& s) {
    cases += 1, regret += s.regret, worst = std::max(worst, s.regret), above += s.regret > 0.05 ? 1 : 0, cores += s.cores;
    settled += s.settled, slow += s.settled > 0.2 ? 1 : 0, per_minute += s.per_minute, most_per_minute = std::max(most_per_minute, s.per_minute);
    if (s.first >= 0) firsts += 1, first += s.first, slowest_first = std::max(slowest_first, s.first);
    if (s.reaction >= 0) reactions += 1, reaction += s.reaction, slowest = std::max(slowest, s.reaction);
  }
};
struct table {
  std::array<row, kinds.size()> rows{};
  row all{};
  std::array<row, 3> visited{}, uneven{};  // with CV 0, 1, 3; not in `all`
};

/// What is worth a look goes to `notes`, if that is not null.
inline auto tabulate(std::uint64_t seed, std::size_t cases, std::FILE* notes = nullptr) -> table {
  table t;
  auto const disturbed = [&](row& r, std::size_t k, scenario const& sc) {
    auto const s = compare(sc, run_controller(sc, seed), run_oracle(sc, seed));
    r.add(s);
    if (notes != nullptr && (s.regret > 0.03 || s.per_minute > (sc.cv > 1 ? 1 : 0)))
      std::fprintf(notes, "%4zu %-58s regret %5.1f%% cores %.2f, %5.1f a minute, back %.0f\n", k, sc.name.c_str(), 100 * s.regret, s.cores, s.per_minute, s.rollbacks);
  };
  for (std::size_t k = 0; k < 3 * (cases / kinds.size()); ++k) disturbed(t.visited[k % 3], k, draw_visited(seed, k)), disturbed(t.uneven[k % 3], k, draw_uneven(seed, k));
  for (std::size_t k = 0; k < cases; ++k) {
    auto const sc = draw(seed, k);
    auto const s = compare(sc, run_controller(sc, seed), run_oracle(sc, seed));
    t.rows[k % kinds.size()].add(s), t.all.add(s);
    bool const constant = sc.kind.rfind("constant", 0) == 0;
    if (notes != nullptr && (s.first > 0.03 || s.reaction > 0.03 || s.regret > 0.03 || s.cores > 1.3 || (s.settled > 0.2 && !sc.restless) || (constant && s.per_minute > (sc.cv > 1 ? 1 : 0))))
      std::fprintf(notes, "%4zu %-58s regret %5.1f%% cores %.2f settled %.3f s, %5.1f a minute, back %.0f, first %.0f ms, reacts %.0f ms\n", k, sc.name.c_str(), 100 * s.regret, s.cores, s.settled, s.per_minute, s.rollbacks, 1e3 * s.first,
                   1e3 * s.reaction);
  }
  return t;
}
inline void print(table const& t, std::FILE* to = stdout) {
  std::fprintf(to, "%-13s %5s %7s %7s %4s %6s %8s %6s %9s %6s %7s %8s %7s %8s\n", "scenario", "cases", "regret", "worst", ">5%", "cores", "settled", ">0.2s", "late/min", "most", "first", "slowest", "reacts", "slowest");
  auto const line = [to](char const* name, row const& r) {
    if (r.cases > 0)
      std::fprintf(to, "%-13s %5.0f %6.2f%% %6.2f%% %4.0f %5.2fx %6.3f s %6.0f %9.2f %6.1f %4.0f ms %5.0f ms %4.0f ms %5.0f ms\n", name, r.cases, 100 * r.regret / r.cases, 100 * r.worst, r.above, r.cores / r.cases, r.settled / r.cases, r.slow, r.per_minute / r.cases,
                   r.most_per_minute, r.firsts > 0 ? 1e3 * r.first / r.firsts : 0, 1e3 * r.slowest_first, r.reactions > 0 ? 1e3 * r.reaction / r.reactions : 0, 1e3 * r.slowest);
  };
  for (std::size_t k = 0; k < kinds.size(); ++k) line(kinds[k], t.rows[k]);
  line("all", t.all);
  for (std::size_t k = 0; k < visited_kinds.size(); ++k) line(visited_kinds[k], t.visited[k]);
  for (std::size_t k = 0; k < uneven_kinds.size(); ++k) line(uneven_kinds[k], t.uneven[k]);
}

}  // namespace simulated
