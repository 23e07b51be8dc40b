// SPDX-License-Identifier: MIT
// The input: which files, and their text, one after the other as `cat` would write it.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "block.hpp"

namespace wordcount {

struct input_files {
  std::vector<std::string> paths;
  std::uint64_t bytes = 0;
};

/// The headers and the documentation of this machine.
[[nodiscard]] inline auto usual_input() -> std::vector<std::string> { return {"/usr/include", "/usr/share/doc", "/usr/share/perl"}; }
inline constexpr std::uint64_t usual_bytes = 50'000'000;  // at least

[[nodiscard]] inline auto is_compressed(std::filesystem::path const& path) -> bool {
  static constexpr std::array<std::string_view, 8> endings{".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip", ".jar", ".tgz"};
  return std::ranges::find(endings, path.extension().native()) != endings.end();
}

/// What there is to read under these names: files as they are given; of a directory all regular files but compressed ones,
/// in the order of their bytes.
[[nodiscard]] inline auto find_files(std::vector<std::string> const& names) -> input_files {
  namespace fs = std::filesystem;
  input_files found;
  for (auto const& name : names) {
    std::error_code problem;
    if (!fs::is_directory(name, problem)) {
      auto const size = fs::file_size(name, problem);
      found.paths.push_back(name);
      found.bytes += problem ? 0 : size;
      continue;
    }
    auto const first = static_cast<std::ptrdiff_t>(found.paths.size());
    for (auto const& entry : fs::recursive_directory_iterator{name, fs::directory_options::skip_permission_denied}) {
      if (entry.is_symlink() || !entry.is_regular_file() || is_compressed(entry.path())) continue;
      found.paths.push_back(entry.path().native());
      found.bytes += entry.file_size();
    }
    std::sort(found.paths.begin() + first, found.paths.end());
  }
  return found;
}

/// Reads files one after the other, as blocks of text that end anywhere. What cannot be read is noted and left out.
class text_of {
 public:
  explicit text_of(std::vector<std::string> const& paths) : paths_{paths} {}
  text_of(text_of const&) = delete;
  auto operator=(text_of const&) -> text_of& = delete;
  ~text_of() { close(); }

  /// Fills the next block; the last one is marked as such, and then there is none.
  [[nodiscard]] auto next(block& b) -> bool {
    if (ended_) return false;
    b.clear(block::usual_size);
    while (b.free_size() != 0 && (file_ >= 0 || open_next())) {
      auto const got = ::read(file_, b.free_space(), b.free_size());
      if (got > 0) {
        b.grow_by(static_cast<std::size_t>(got));
      } else {
        if (got < 0) note_problem();
        close();
      }
    }
    b.last = ended_ = file_ < 0 && opened_ == paths_.size();
    return true;
  }

  /// Which files could not be read, and why.
  [[nodiscard]] auto problems() const noexcept -> std::vector<std::string> const& { return problems_; }

 private:
  auto open_next() -> bool {
    while (opened_ != paths_.size()) {
      file_ = ::open(paths_[opened_++].c_str(), O_RDONLY | O_CLOEXEC);
      if (file_ >= 0) return true;
      note_problem();
    }
    return false;
  }
  void close() noexcept {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }
  void note_problem() { problems_.push_back(paths_[opened_ - 1] + ": " + std::strerror(errno)); }

  std::vector<std::string> const& paths_;
  std::vector<std::string> problems_;
  std::size_t opened_ = 0;
  int file_ = -1;
  bool ended_ = false;
};

}  // namespace wordcount
