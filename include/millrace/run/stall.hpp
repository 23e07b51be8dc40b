// SPDX-License-Identifier: MIT
// A stage that does not advance though it could.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>

#include <millrace/base/config.hpp>
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
auto text(stall const& s) -> std::string;

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/stall.ipp>
#endif
