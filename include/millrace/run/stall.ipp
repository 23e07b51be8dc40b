// SPDX-License-Identifier: MIT
// A stall as a sentence.
#pragma once
#include <string>

namespace millrace {

MILLRACE_COMPILED auto text(stall const& s) -> std::string {
  std::string out{"stage "};
  out += s.stage;
  if (s.last != s.stage) out += " (or one up to ", out += s.last, out += ")";
  out += (s.over ? " stood before event " : " stands before event ") + std::to_string(s.at) + " for " + std::to_string(s.since.count() / 1'000'000) + " ms; ";
  if (s.over) return out += "it goes on";
  out += (s.held ? "worker " : "nobody has it, it is to be run by worker ") + std::to_string(s.worker);
  if (s.held) out += s.in_handler ? " is in its handler" : " has it and runs others";
  return out;
}

}  // namespace millrace
