// SPDX-License-Identifier: MIT
// A scenario is a function that starts a few threads and checks what must hold; it names itself where it stands.
#pragma once
#include <vector>

#include "model/platform.hpp"

namespace millrace::model {

struct scenario {
  char const* name;
  char const* says;  // one line for --list
  void (*run)();
  std::uint32_t cost = 1;  // gets so many times fewer schedules than others
};

/// All scenarios of the program, in the order of their files.
inline auto scenarios() -> std::vector<scenario>& {
  static std::vector<scenario> all;
  return all;
}

/// At namespace scope: `enlist const here{"name", "what it is about", run};`
struct enlist {
  enlist(char const* name, char const* says, void (*run)(), std::uint32_t cost = 1) { scenarios().push_back({name, says, run, cost}); }
};

}  // namespace millrace::model
