// SPDX-License-Identifier: MIT
// The command line, as bzip2's: letters may be put together, a level is an option of its own, the last of -z, -d and -t counts, and what
// the variables BZIP2 and BZIP say comes first.
#pragma once
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pbz {

inline constexpr char const* usage =
    "usage: pbz [options] [file ...]\n"
    "Compresses and decompresses files as bzip2 does, on several processors. Without files, or for a file -, from the standard input\n"
    "to the standard output. Called as bunzip2 it decompresses, as bzcat to the standard output.\n"
    "  -z --compress     compress\n"
    "  -d --decompress   decompress\n"
    "  -t --test         decompress, but write nothing\n"
    "  -k --keep         keep the input files\n"
    "  -c --stdout       write to the standard output, and keep the input files\n"
    "  -f --force        write over output files that are there; take links; with -d pass on what is no bzip2 file\n"
    "  -q --quiet        no warnings, no progress\n"
    "  -v --verbose      say what became of each file\n"
    "  -s --small        blocks of 200 kB at most; decompress with half of the memory, and half as fast\n"
    "  -1 ... -9         blocks of 100 to 900 kB (-9); --fast is -1, --best is -9\n"
    "  -p N              N threads do the work (one for each processor)\n"
    "  -h --help         this text\n"
    "  -L -V --version   the version of the coder\n";

enum class mode : unsigned char { compress, decompress, test };

struct options {
  mode does = mode::compress;
  bool keep = false, to_stdout = false, force = false, quiet = false, verbose = false, small = false, help = false, version = false;
  int level = 9;
  std::size_t workers = 0;
  std::vector<std::string> files;

  /// With -s as the manual says.
  [[nodiscard]] auto block_level() const noexcept -> int { return small && level > 2 ? 2 : level; }
};

/// Throws     std::invalid_argument, with what is wrong.
class command_line {
 public:
  static auto parse(std::string_view program, std::vector<std::string_view> const& arguments) -> options {
    command_line c;
    if (auto const slash = program.rfind('/'); slash != std::string_view::npos) program.remove_prefix(slash + 1);
    auto const called = [program](char const* part) { return program.find(part) != std::string_view::npos; };
    if (called("unzip") || called("zcat") || called("z2cat")) c.o_.does = mode::decompress;
    if (called("zcat") || called("z2cat")) c.o_.to_stdout = true;
    for (auto const* variable : {"BZIP2", "BZIP"})
      if (auto const* flags = std::getenv(variable)) c.take(words_of(flags));
    c.only_files_ = false;
    c.take(arguments);
    if (c.o_.workers == 0) c.o_.workers = std::min(std::max(std::thread::hardware_concurrency(), 1u), 60u);
    return c.o_;
  }

 private:
  static auto words_of(std::string_view all) -> std::vector<std::string_view> {
    std::vector<std::string_view> words;
    constexpr auto space = " \t\n";
    while ((all.remove_prefix(std::min(all.find_first_not_of(space), all.size())), !all.empty())) {
      words.push_back(all.substr(0, all.find_first_of(space)));
      all.remove_prefix(words.back().size());
    }
    return words;
  }
  void take(std::vector<std::string_view> const& words) {
    for (std::size_t i = 0; i != words.size(); ++i) {
      auto const word = words[i];
      if (only_files_ || word == "-" || !word.starts_with('-')) o_.files.emplace_back(word);
      else if (word == "--") only_files_ = true;
      else if (word.starts_with("--")) take_long(word);
      else take_letters(words, i);
    }
  }
  void take_letters(std::vector<std::string_view> const& words, std::size_t& i) {
    auto const word = words[i];
    for (std::size_t k = 1; k < word.size(); ++k) {
      if (word[k] == 'p') {  // -p4 or -p 4
        auto const number = k + 1 < word.size() ? word.substr(k + 1) : ++i < words.size() ? words[i] : std::string_view{};
        auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), o_.workers);
        if (error != std::errc{} || end != number.data() + number.size() || o_.workers < 1 || o_.workers > 60)
          throw std::invalid_argument{"-p needs a number from 1 to 60"};
        return;
      }
      if (!take_letter(word[k])) throw bad(word);
    }
  }
  auto take_letter(char letter) noexcept -> bool {
    switch (letter) {
      case 'z': return o_.does = mode::compress, true;
      case 'd': return o_.does = mode::decompress, true;
      case 't': return o_.does = mode::test, true;
      case 'k': return o_.keep = true;
      case 'c': return o_.to_stdout = true;
      case 'f': return o_.force = true;
      case 'q': return o_.quiet = true;
      case 'v': return o_.verbose = true;
      case 's': return o_.small = true;
      case 'h': return o_.help = true;
      case 'L':
      case 'V': return o_.version = true;
      default: return letter >= '1' && letter <= '9' && (o_.level = letter - '0', true);
    }
  }
  void take_long(std::string_view word) {
    struct meaning {
      std::string_view word;
      char letter;
    };
    static constexpr meaning all[] = {{"--compress", 'z'}, {"--decompress", 'd'}, {"--test", 't'}, {"--keep", 'k'}, {"--stdout", 'c'}, {"--force", 'f'}, {"--quiet", 'q'}, {"--verbose", 'v'},
                                      {"--small", 's'}, {"--fast", '1'}, {"--best", '9'}, {"--help", 'h'}, {"--license", 'L'}, {"--version", 'V'}};
    for (auto const& m : all)
      if (word == m.word) return static_cast<void>(take_letter(m.letter));
    throw bad(word);
  }
  static auto bad(std::string_view word) -> std::invalid_argument { return std::invalid_argument{std::string{"Bad flag `"}.append(word).append("'")}; }

  options o_;
  bool only_files_ = false;
};

}  // namespace pbz
