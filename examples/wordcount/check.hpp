// SPDX-License-Identifier: MIT
// A quick check: made-up text that is hard on block borders, and some real text, counted in every way there is.
#pragma once
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "coreutils.hpp"
#include "count.hpp"

namespace wordcount {

/// Files with words of all lengths, among them some longer than many blocks, and words that go on in the next file.
[[nodiscard]] inline auto make_up_files(temporary_folder const& folder) -> input_files {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::mt19937 dice{1};  // the same on every machine
  auto const up_to = [&](std::size_t n) { return dice() % n + 1; };
  input_files files;
  for (auto const size : {std::size_t{1}, block::usual_size, std::size_t{0}, 5 * block::usual_size + 13, std::size_t{300'000}, std::size_t{70}}) {
    std::string text;
    while (text.size() < size) {
      auto const length = up_to(500) == 1 ? up_to(4 * block::usual_size) : up_to(20) == 1 ? up_to(40) : up_to(9);
      auto const kinds = up_to(letters.size());  // few kinds of letters: words that are seen again
      for (std::size_t i = 0; i != length; ++i) text += letters[dice() % kinds];
      for (auto n = up_to(3); n != 0; --n)
        if (auto const byte = static_cast<char>(dice()); !in_word(byte)) text += byte;
    }
    text.resize(size);
    files.paths.push_back(folder.file(std::to_string(files.paths.size())));
    files.bytes += size;
    std::ofstream{files.paths.back(), std::ios::binary} << text;
  }
  return files;
}

/// Some megabytes of the usual input.
[[nodiscard]] inline auto some_real_files() -> input_files {
  auto all = find_files(usual_input());
  input_files files;
  for (std::size_t i = 0; i < all.paths.size() && files.bytes < 4'000'000; i += 1 + all.paths.size() / 1000) {
    files.bytes += std::filesystem::file_size(all.paths[i]);
    files.paths.push_back(std::move(all.paths[i]));
  }
  return files;
}

/// Whether all ways to count these files come to the same.
[[nodiscard]] inline auto all_agree(char const* what, input_files const& files) -> bool {
  auto const nobody = [](double) {};
  auto const first = count(files, all_fused, nobody);
  auto const second = count(files, all_split, nobody);
  auto const third = count(files, {live.plans, std::chrono::milliseconds{0}}, nobody);
  auto const last = count_by_coreutils(files.paths);
  auto const good = first.counts == second.counts && first.problems == second.problems && first.counts == third.counts &&
                    first.problems == third.problems && (!last || last->counts == first.counts);
  std::printf("%s, %zu files of %zu bytes: fused, split, %zu times changed%s: %s\n", what, files.paths.size(), static_cast<std::size_t>(files.bytes), third.changes,
              last ? ", and coreutils" : "; no coreutils here", good ? "the same" : "NOT THE SAME");
  return good;
}

[[nodiscard]] inline auto check() -> bool {
  temporary_folder const folder;
  auto const made_up = make_up_files(folder);
  auto with_a_missing_one = made_up;
  with_a_missing_one.paths.insert(with_a_missing_one.paths.begin() + 1, folder.file("missing"));
  bool good = all_agree("made-up text", made_up);
  good &= all_agree("real text", some_real_files());
  good &= all_agree("nothing", {});
  good &= count(with_a_missing_one, all_fused, [](double) {}).problems.size() == 1;
  return good;
}

}  // namespace wordcount
