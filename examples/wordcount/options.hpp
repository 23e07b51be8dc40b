// SPDX-License-Identifier: MIT
// The command line.
#pragma once
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wordcount {

inline constexpr char const* usage =
    "usage: wordcount [option ...] [file or directory ...]\n"
    "Counts the words (letters and digits) of files; without any, of the headers and documentation on this machine.\n"
    "  --top N         show the N most frequent words (10)\n"
    "  --counts FILE   write all words with their counts, as `sort | uniq -c` does\n"
    "  --plan PLAN     fused: on one thread; split: on two; live: another plan every 3 ms; all: one after the other, with\n"
    "                  equal results (fused)\n"
    "  --demo          all, measured, and coreutils beside them\n"
    "  --check         a quick check of the program itself\n";

struct options {
  std::vector<std::string> names;
  std::size_t top = 10;
  std::string counts_to;
  bool run_fused = true, run_split = false, run_live = false;
  bool demo = false, check = false, help = false;
};

/// Throws     std::invalid_argument, with what is wrong.
[[nodiscard]] inline auto parse(std::vector<std::string_view> const& arguments) -> options {
  options o;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    auto const value = [&, name = *argument] {
      if (++argument == arguments.end()) throw std::invalid_argument{std::string{name} + " needs a value"};
      return *argument;
    };
    if (*argument == "--top") {
      auto const n = value();
      if (auto const [end, error] = std::from_chars(n.data(), n.data() + n.size(), o.top); error != std::errc{} || end != n.data() + n.size())
        throw std::invalid_argument{"--top needs a number, not " + std::string{n}};
    } else if (*argument == "--counts") {
      o.counts_to = value();
    } else if (*argument == "--plan") {
      auto const plan = value();
      auto const all = plan == "all";
      o.run_fused = all || plan == "fused";
      o.run_split = all || plan == "split";
      o.run_live = all || plan == "live";
      if (!o.run_fused && !o.run_split && !o.run_live) throw std::invalid_argument{"no plan is called " + std::string{plan}};
    } else if (*argument == "--demo") {
      o.demo = true;
    } else if (*argument == "--check") {
      o.check = true;
    } else if (*argument == "--help") {
      o.help = true;
    } else if (argument->starts_with("--")) {
      throw std::invalid_argument{"no option is called " + std::string{*argument}};
    } else {
      o.names.emplace_back(*argument);
    }
  }
  return o;
}

}  // namespace wordcount
