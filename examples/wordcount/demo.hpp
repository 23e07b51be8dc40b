// SPDX-License-Identifier: MIT
// The pipeline at work: fused, split, and changing between them while it counts, with what it knows of itself, and beside the
// tools that everybody has.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "count.hpp"
#include "coreutils.hpp"
#include "progress.hpp"

namespace wordcount {

inline void print_row(char const* name, seconds counting, seconds in_all, double megabytes, double compared_with) {
  std::printf("  %-10s", name);
  if (counting.wall > 0) std::printf("%9.2f s", counting.wall);
  else std::printf("%11s", "");
  std::printf("%15.2f s%11.2f s%12.0f", in_all.wall, in_all.cpu, megabytes / in_all.wall);
  if (compared_with > 0) std::printf("%14.1f", compared_with / in_all.wall);
  std::puts("");
}

/// Returns    whether all results are the same, and all files could be read.
[[nodiscard]] inline auto demo(input_files const& files) -> bool {
  auto const megabytes = static_cast<double>(files.bytes) * 1e-6;
  {
    progress_line const reading{"reading"};  // once beforehand, so that all find it in the system's memory
    text_of text{files.paths};
    block b;
    for (std::uint64_t done = 0; text.next(b);) reading(static_cast<double>(done += b.text().size()) / static_cast<double>(files.bytes));
  }

  std::optional<result> best_fused, best_split, best_live;
  for (int round = 1; round <= 3; ++round) {  // in turns, and the best of three: other programs use this machine too
    for (auto [plan, name, best] : {std::tuple{&all_fused, "fused", &best_fused}, std::tuple{&all_split, "split", &best_split}, std::tuple{&live, "live", &best_live}}) {
      progress_line const shown{name};
      auto r = count(files, *plan, [&](double share) { shown(share); });
      if (!*best || r.in_all.wall < (*best)->in_all.wall) *best = std::move(r);
    }
  }
  std::printf("fused, on one thread: %s\n", text(best_fused->metrics).c_str());
  std::printf("split, on two threads: %s\n", text(best_split->metrics).c_str());

  for (auto const& problem : best_fused->problems) std::fprintf(stderr, "wordcount: %s\n", problem.c_str());
  auto same = best_fused->counts == best_split->counts && best_fused->counts == best_live->counts;
  std::printf("live: another plan every %d ms, %zu changes; run.apply() took %.1f us each\n", static_cast<int>(live.each.count()), best_live->changes,
              best_live->changes == 0 ? 0 : best_live->posting * 1e6 / static_cast<double>(best_live->changes));
  std::printf("%zu words, %zu of them different; fused, split and live count %s\n", static_cast<std::size_t>(total(best_fused->words)), best_fused->words.size(),
              same ? "the same" : "NOT THE SAME");

  std::optional<by_coreutils> beside;
  {
    progress_line const shown{"coreutils"};
    beside = count_by_coreutils(files.paths);
  }
  if (!beside) {
    std::puts("coreutils are not here to compare with");
  } else {
    auto const equal = beside->counts == best_fused->counts;
    std::printf("coreutils (cat | tr | sed | sort | uniq -c) count %s\n", equal ? "the same, byte by byte" : "NOT THE SAME");
    same = same && equal;
  }

  std::printf("\n  %-10s%11s%17s%13s%12s%14s\n", "", "counting", "and sorting", "processor", "MB/s", beside ? "x coreutils" : "");
  auto const theirs = beside ? beside->took.wall : 0.0;
  if (beside) print_row("coreutils", {}, beside->took, megabytes, theirs);
  print_row("fused", best_fused->counting, best_fused->in_all, megabytes, theirs);
  print_row("split", best_split->counting, best_split->in_all, megabytes, theirs);
  print_row("live", best_live->counting, best_live->in_all, megabytes, theirs);
  std::puts("");
  return same && best_fused->problems.empty();
}

}  // namespace wordcount
