// SPDX-License-Identifier: MIT
// Counts the words of files, as `cat FILES | LC_ALL=C tr -cs '[:alnum:]' '\n' | sed '/^$/d' | sort | uniq -c` does, but sooner.
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "check.hpp"
#include "count.hpp"
#include "demo.hpp"
#include "options.hpp"
#include "progress.hpp"

namespace wordcount {

auto find_input(options const& o) -> input_files {
  auto const names = o.names.empty() ? usual_input() : o.names;
  auto files = find_files(names);
  if (o.names.empty() && files.bytes < usual_bytes)
    std::fprintf(stderr, "wordcount: less text than usual: %.1f MB\n", static_cast<double>(files.bytes) * 1e-6);
  return files;
}

auto run(options const& o) -> int {
  if (o.help) return std::fputs(usage, stdout), 0;
  if (o.check) return check() ? 0 : 1;

  auto const files = find_input(o);
  std::fprintf(stderr, "%zu files, %.1f MB\n", files.paths.size(), static_cast<double>(files.bytes) * 1e-6);
  if (o.demo) return demo(files) ? 0 : 1;

  result last;
  for (auto [wanted, name, plan] : {std::tuple{o.run_fused, "fused", &all_fused}, std::tuple{o.run_split, "split", &all_split}, std::tuple{o.run_live, "live", &live}}) {
    if (!wanted) continue;
    progress_line const shown{name};
    auto r = count(files, *plan, [&](double share) { shown(share); });
    if (last.table->size() != 0 && r.counts != last.counts) throw std::logic_error{"not all plans count the same"};
    last = std::move(r);
  }
  for (auto const& problem : last.problems) std::fprintf(stderr, "wordcount: %s\n", problem.c_str());
  if (!o.counts_to.empty() && !(std::ofstream{o.counts_to, std::ios::binary} << last.counts).flush())
    throw std::runtime_error{"cannot write " + o.counts_to};
  std::string top;
  for (auto const& w : most_frequent(last.words, o.top)) append_line(top, w);
  std::fputs(top.c_str(), stdout);
  return last.problems.empty() ? 0 : 1;
}

}  // namespace wordcount

int main(int argc, char** argv) try {
  return wordcount::run(wordcount::parse({argv + 1, argv + argc}));
} catch (std::invalid_argument const& wrong) {
  std::fprintf(stderr, "wordcount: %s\n%s", wrong.what(), wordcount::usage);
  return 2;
} catch (std::exception const& problem) {
  std::fprintf(stderr, "wordcount: %s\n", problem.what());
  return 1;
}
