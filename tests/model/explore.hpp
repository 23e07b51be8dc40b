// SPDX-License-Identifier: MIT
// Many runs of one scenario, until one fails or the budget is used up.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "model/simulation.hpp"

namespace millrace::model {

/// mixed: random and pct in turns; moments: the same, and each of these schedules again and again with the moment at its first step,
/// its second, until it has no more.
enum class searching : std::uint8_t { mixed, random, pct, exhaustive, moments };

struct search {
  searching how = searching::mixed;
  std::uint64_t schedules = 10'000;
  std::uint64_t seed = 1;
  std::uint32_t bound = 2;
  conditions under;
  bool expects_failure = false;  // do not count what the abandoned run leaks
};

struct finding {
  std::uint64_t schedules = 0, steps = 0;
  std::uint32_t longest = 0;
  bool complete = false;  // exhaustive: there are no more schedules
  std::string failure;    // empty: none
  schedule which;         // of the failure

  void count(outcome const& of) {
    ++schedules;
    steps += of.steps;
    if (of.steps > longest) longest = of.steps;
  }
};

auto explore(void (*scenario)(), search const& s) -> finding;

/// One run, with a trace.
auto replay(void (*scenario)(), schedule const& which, conditions const& under) -> outcome;

/// The schedule of a failure as options of the runner, and back.
auto options_of(schedule const& s) -> std::string;
auto path_from(std::string_view text) -> std::vector<std::uint8_t>;

}  // namespace millrace::model
