// SPDX-License-Identifier: MIT
// One round: one pipeline or two on one crew, and their plans change all the time.
#pragma once
#include <cstdint>
#include <string>

#include "storm/watchdog.hpp"

namespace storm {

struct limits {
  std::uint64_t events = 1'000'000;  // of a round, at most
  std::uint64_t pause_us = 200;    // between two changes, at most
  std::string shape;               // empty: any
};
struct totals {
  std::uint64_t events = 0;      // that entered
  std::uint64_t passes = 0;      // calls of handlers
  std::uint64_t changes = 0;     // plans that were accepted
  std::uint64_t refused = 0;     // plans that contradicted constraints or left a stage to nobody
  std::uint64_t hand_overs = 0;  // a stage was run by another thread than before
  std::uint64_t failed = 0, stopped = 0;
  std::string last;  // what was drawn for the last round
};

/// Adds to `t`. Returns what was wrong; empty if nothing was.
auto run_round(std::uint64_t seed, limits const& l, watchdog& dog, totals& t) -> std::string;

}  // namespace storm
