// SPDX-License-Identifier: MIT
// A stage that does not advance though it could.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>

#include <millrace/base/sequence.hpp>

namespace millrace {

struct stall {
  std::string_view stage{};          ///< has not advanced
  std::string_view last{};           ///< its worker runs the stages from `stage` to this one as one loop: it may be in any of these
  sequence at = 0;                   ///< the event before which it stands
  std::size_t worker = 0;            ///< who has it, or if nobody has, who is to by the plan
  bool held = false;                 ///< somebody has it
  bool in_handler = false;           ///< he has not come to the end of a batch either: he is in a handler or hook, or does not run
  std::chrono::nanoseconds since{};  ///< how long, as far as looks have seen it
  bool over = false;                 ///< it is so no longer: the last of its looks is told once more, see runner::on_stall()
};

/// As a sentence.
inline auto text(stall const& s) -> std::string {
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
