// SPDX-License-Identifier: MIT
// The same by the tools that everybody has: cat, tr, sed, sort and uniq.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "stopwatch.hpp"

namespace wordcount {

/// A folder that goes with the program.
class temporary_folder {
 public:
  temporary_folder() : path_{(std::filesystem::temp_directory_path() / ("wordcount-" + std::string(6, 'X'))).native()} {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"cannot make a temporary folder " + path_};
  }
  temporary_folder(temporary_folder const&) = delete;
  auto operator=(temporary_folder const&) -> temporary_folder& = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] auto file(std::string const& name) const -> std::string { return path_ + "/" + name; }

 private:
  std::string path_;
};

[[nodiscard]] inline auto contents(std::string const& path) -> std::string {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

struct by_coreutils {
  std::string counts;  ///< as uniq -c writes them
  seconds took;
};

/// Nothing if these tools are not here.
[[nodiscard]] inline auto count_by_coreutils(std::vector<std::string> const& paths) -> std::optional<by_coreutils> {
  if (std::system("sort --version 2>/dev/null | grep -q GNU && uniq --version 2>/dev/null | grep -q GNU") != 0) return std::nullopt;
  temporary_folder const folder;
  std::ofstream list{folder.file("list"), std::ios::binary};
  for (auto const& path : paths) list << path << '\0';
  list.close();

  auto const command = "export LC_ALL=C; xargs -0 cat -- <" + folder.file("list") +
                       " 2>/dev/null | tr -cs '[:alnum:]' '\\n' | sed '/^$/d' | sort | uniq -c >" + folder.file("counts");
  stopwatch const watch{stopwatch::whose::children};
  if (std::system(command.c_str()) != 0) return std::nullopt;
  auto const took = watch.elapsed();
  return by_coreutils{contents(folder.file("counts")), took};
}

}  // namespace wordcount
