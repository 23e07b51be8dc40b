// SPDX-License-Identifier: MIT
// What a runner says at its end.
#pragma once
#include <cstdint>
#include <exception>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/run/stall.hpp>

namespace millrace {

struct report {
  std::int64_t published = 0;       ///< events that entered
  std::int64_t done = 0;            ///< of these, events that have passed every stage of the ring that they entered
  std::int64_t left = 0;            ///< events that have not passed, in all rings: 0 unless it was stopped or failed
  std::int64_t failed = 0;          ///< events that failed at a stage and were skipped or diverted, as its `mr::on_error` says
  std::int64_t tombstones = 0;      ///< of those published, claims that were given up: no stage saw them; only with many producers
  std::int64_t refused = 0;         ///< events that found no room, and were not published: their producer was told
  std::int64_t dropped = 0;         ///< the same, and it went on; or events that waited beside the ring, and were given up for newer ones
  std::int64_t conflated = 0;       ///< events that waited, and in whose place a newer one of their key went on
  bool stopped = false;             ///< stop() was called before all was done
  std::exception_ptr error{};       ///< what a handler, a hook or the source threw
  std::string_view failed_stage{};  ///< whose
  sequence failed_at = 0;           ///< at which event
  std::vector<stall> stuck{};       ///< stages whose workers had not come back when finish_within() had to: then the numbers are of that moment
  struct tap {
    std::string_view name;
    std::int64_t done = 0;          ///< events that it has passed since it came
    std::int64_t failed = 0;        ///< of these, those that failed there and were skipped, as its `mr::on_error` says
  };
  std::vector<tap> taps{};          ///< that were attached at the end; `done` and `left` count with them

  /// All that was published is done, and nothing failed.
  [[nodiscard]] auto ok() const noexcept -> bool { return left == 0 && error == nullptr; }
  /// Throws     what the handler threw, if one did.
  void rethrow() const {
    if (error != nullptr) std::rethrow_exception(error);
  }
};

}  // namespace millrace
