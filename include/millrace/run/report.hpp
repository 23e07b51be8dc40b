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

/// How it went so far with an engine. Whoever has not come back yet may do so just now: of each ring one look says what is done, and by that
/// what is left.
template <typename Engine>
[[nodiscard]] MILLRACE_COLD auto how_it_went(Engine& e) -> report {
  report r;
  e.each_strand([&](auto& strand) {
    auto& ring = strand.ring();
    auto const done = ring.gate.passed();
    auto const published = ring.accepted();
    if (strand.first_stage() == 0) r.published = published, r.done = done;
    r.left += published - done;
    r.failed += strand.failed();
  });
  auto const& ring = e.ring();
  auto const full = ring.turned_away();
  r.tombstones = ring.tombstones(), r.refused = full.refused, r.dropped = full.dropped, r.conflated = full.conflated;
  e.each_guest([&](auto const& guest, sequence at) {
    if (guest.is_tap()) r.taps.push_back({guest.name, at - guest.begun, guest.failures.read()});
  });
  auto const& course = e.course();
  r.stopped = course.was_stopped();
  auto const how = course.how_it_failed();
  r.error = how.error;
  if (how.error != nullptr) r.failed_stage = how.guest.empty() ? Engine::planned()[how.stage].name : how.guest, r.failed_at = how.at;
  return r;
}

}  // namespace millrace
