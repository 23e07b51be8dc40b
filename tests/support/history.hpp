// SPDX-License-Identifier: MIT
// What happened to events, and whether it was right: every event passes every stage exactly once, in order, after the stages
// before it, and the state of a stage is what a sequential run would have made of it.
//
// The records are plain memory on purpose: a stage reads what its predecessor wrote for the same event, so the thread sanitizer
// sees any hand-over that does not order the two.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace support {

class history {
 public:
  history(std::size_t stages, std::size_t events) : events_{events}, stages_(stages) {
    for (auto& s : stages_) s.passed.resize(events);
  }

  /// Called by  whoever runs the stage, for event number `at` with `value`.
  void pass(std::size_t stage, std::size_t at, std::uint64_t value) {
    auto& s = stages_[stage];
    if (at >= events_) return complain(stage, at, "does not exist");
    if (s.passed[at]++ != 0) return complain(stage, at, "passed twice");
    if (at < s.next) return complain(stage, at, "came after a later one");
    s.next = at + 1;
    ++s.count;
    s.digest = mix(s.digest, value);
    for (std::size_t before = 0; before < stage; ++before)
      if (stages_[before].filters == 0 && stages_[before].passed[at] != 1) return complain(stage, at, "came before an earlier stage had it");
  }
  /// The stage may drop events: later stages do not ask whether it passed them.
  void drops(std::size_t stage) { stages_[stage].filters = 1; }

  /// Empty: all is right so far. Read it when nobody runs.
  [[nodiscard]] auto wrong() const -> std::string { return wrong_; }
  /// The same, and every stage has had `count` events.
  [[nodiscard]] auto wrong_after(std::size_t count) const -> std::string {
    if (!wrong_.empty()) return wrong_;
    for (std::size_t k = 0; k < stages_.size(); ++k)
      if (stages_[k].count != count) return "stage " + std::to_string(k) + " had " + std::to_string(stages_[k].count) + " events, not " + std::to_string(count);
    return {};
  }
  [[nodiscard]] auto digest(std::size_t stage) const -> std::uint64_t { return stages_[stage].digest; }
  [[nodiscard]] auto count(std::size_t stage) const -> std::size_t { return stages_[stage].count; }

  static auto mix(std::uint64_t state, std::uint64_t value) -> std::uint64_t {
    state ^= value + 0x9e3779b97f4a7c15U + (state << 6) + (state >> 2);
    return state * 0xff51afd7ed558ccdU;
  }

 private:
  void complain(std::size_t stage, std::size_t at, char const* what) {
    std::lock_guard const g{mutex_};
    if (wrong_.empty()) wrong_ = "stage " + std::to_string(stage) + ": event " + std::to_string(at) + " " + what;
  }
  struct record {
    std::vector<std::uint8_t> passed;
    std::size_t next = 0, count = 0;
    std::uint64_t digest = 0;
    int filters = 0;
  };
  std::size_t events_;
  std::vector<record> stages_;
  std::mutex mutex_;
  std::string wrong_;
};

}  // namespace support
