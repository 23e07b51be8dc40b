// SPDX-License-Identifier: MIT
// A scenario is a function that starts a few threads and checks what must hold; it names itself where it stands.
#pragma once
#include <string_view>
#include <vector>

#include "model/platform.hpp"

namespace millrace::model {

struct scenario {
  char const* name;
  char const* says;  // one line for --list
  void (*run)();

  /// Whether `wanted` means it: "all", its name, its group (what stands before the dot), or a list of such with commas, of which the
  /// last that fits counts; "-" before one says that it is not meant.
  [[nodiscard]] auto is_meant_by(std::string_view wanted) const -> bool {
    std::string_view const mine = name;
    for (bool meant = false;;) {
      auto const comma = wanted.find(',');
      auto one = wanted.substr(0, comma);
      bool const yes = !one.starts_with('-');
      if (!yes) one.remove_prefix(1);
      if (one == "all" || one == mine || one == mine.substr(0, mine.find('.'))) meant = yes;
      if (comma == wanted.npos) return meant;
      wanted.remove_prefix(comma + 1);
    }
  }
};

/// All scenarios of the program, in the order of their files.
inline auto scenarios() -> std::vector<scenario>& {
  static std::vector<scenario> all;
  return all;
}

/// At namespace scope: `enlist const here{"name", "what it is about", run};`
struct enlist {
  enlist(char const* name, char const* says, void (*run)()) { scenarios().push_back({name, says, run}); }
};

}  // namespace millrace::model
