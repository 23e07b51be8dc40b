// SPDX-License-Identifier: MIT
// The command line, as bzip2's: letters may be put together, and a level is an option of its own.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pbz {

inline constexpr char const* usage =
    "usage: pbz [options] [file ...]\n"
    "Compresses and decompresses files as bzip2 does, on several processors. Without files, or for a file -, from the standard input\n"
    "to the standard output.\n"
    "  -d         decompress\n"
    "  -k         keep the input files\n"
    "  -c         write to the standard output, and keep the input files\n"
    "  -f         write over output files that are there\n"
    "  -1 ... -9  blocks of 100 to 900 kB (-9)\n"
    "  -p N       N threads compress (one for each processor)\n"
    "  -h         this text\n";

struct options {
  bool decompress = false, keep = false, to_stdout = false, force = false, help = false;
  int level = 9;
  std::size_t workers = 0;
  std::vector<std::string> files;
};

/// Throws     std::invalid_argument, with what is wrong.
[[nodiscard]] inline auto parse(std::vector<std::string_view> const& arguments) -> options {
  options o;
  bool only_files = false;
  for (std::size_t i = 0; i != arguments.size(); ++i) {
    auto const word = arguments[i];
    if (only_files || word == "-" || !word.starts_with('-')) {
      o.files.emplace_back(word);
    } else if (word == "--") {
      only_files = true;
    } else if (word == "--help") {
      o.help = true;
    } else {
      for (std::size_t k = 1; k < word.size(); ++k) {
        switch (auto const letter = word[k]) {
          case 'd': o.decompress = true; break;
          case 'k': o.keep = true; break;
          case 'c': o.to_stdout = true; break;
          case 'f': o.force = true; break;
          case 'h': o.help = true; break;
          case 'p': {  // -p4 or -p 4
            auto const number = k + 1 < word.size() ? word.substr(k + 1) : ++i < arguments.size() ? arguments[i] : std::string_view{};
            auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), o.workers);
            if (error != std::errc{} || end != number.data() + number.size() || o.workers < 1 || o.workers > 60)
              throw std::invalid_argument{"-p needs a number from 1 to 60"};
            k = word.size();
            break;
          }
          default:
            if (letter < '1' || letter > '9') throw std::invalid_argument{"no option is called " + std::string{word}};
            o.level = letter - '0';
        }
      }
    }
  }
  if (o.workers == 0) o.workers = std::min(std::max(std::thread::hardware_concurrency(), 1u), 60u);
  return o;
}

}  // namespace pbz
