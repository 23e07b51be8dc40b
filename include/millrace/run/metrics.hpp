// SPDX-License-Identifier: MIT
// What a runner has been doing, in plain numbers, and as a table.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>

namespace millrace {

/// Totals since the start. For the rates of an interval take two and subtract: `later - earlier`.
struct metrics {
  struct ring {
    std::int64_t capacity = 0;
    std::int64_t published = 0, done = 0;    ///< events that entered; that have passed every stage
    std::int64_t tombstones = 0;             ///< of those published, claims that were given up: no stage saw them
    std::int64_t refused = 0, dropped = 0;   ///< events that found no room: their producer was told; it went on
    std::int64_t conflated = 0;              ///< events in whose place a newer one of their key went on
    std::int64_t waiting = 0;                ///< events beside the ring now, for which there is no room yet; not among those published
    std::int64_t depth = 0, depth_max = 0;   ///< events in the ring now; the most that a sample found
    double depth_mean = 0;                   ///< of the samples, taken at timed batches behind the producer
    double blocked_ns = 0;                   ///< the producer has waited for room
  };
  struct stage {
    std::string name;
    std::size_t worker = 0;                  ///< the first one that the plan gives it to
    std::int64_t events = 0, batches = 0;    ///< events passed, those that a filter had dropped included
    std::int64_t failed = 0;                 ///< events that failed here and were skipped or diverted
    double useful_ns = 0;                    ///< in its handler and the loop around; measured on a sample of batches
    double idle_ns = 0;                      ///< its worker had nothing to do
    double blocked = 0;                      ///< of this the part for want of room, not of events; 0 but for a source
  };
  struct worker {
    std::size_t number = 0;
    int cpu = -1;                            ///< pinned to; -1: to none
    std::string stages;                      ///< of this runner, by the plan
    double useful_ns = 0;                    ///< for this runner
  };

  double elapsed_ns = 0;
  ring events;                               ///< the ring that events enter
  std::vector<ring> further;                 ///< the rings behind it, if stages expand
  std::vector<stage> stages;                 ///< then the taps that are attached now
  std::vector<worker> workers;

  [[nodiscard]] auto rate(stage const& s) const noexcept -> double { return elapsed_ns > 0 ? static_cast<double>(s.events) / elapsed_ns * 1e9 : 0; }
  [[nodiscard]] auto ns_per_event(stage const& s) const noexcept -> double { return s.events > 0 ? s.useful_ns / static_cast<double>(s.events) : 0; }
  /// Shares of the elapsed time, 0 to 1.
  [[nodiscard]] auto useful(stage const& s) const noexcept -> double { return share(s.useful_ns); }
  [[nodiscard]] auto starved(stage const& s) const noexcept -> double { return share(s.idle_ns) * (1 - s.blocked); }
  [[nodiscard]] auto blocked(stage const& s) const noexcept -> double { return share(s.idle_ns) * s.blocked; }
  [[nodiscard]] auto busy(worker const& w) const noexcept -> double { return share(w.useful_ns); }
  [[nodiscard]] auto producer_blocked() const noexcept -> double { return share(events.blocked_ns); }

  /// What happened between two of them.
  friend auto operator-(metrics later, metrics const& earlier) -> metrics;

 private:
  [[nodiscard]] auto share(double ns) const noexcept -> double {
    auto const s = elapsed_ns > 0 ? ns / elapsed_ns : 0;
    return s < 0 ? 0 : s > 1 ? 1 : s;
  }
};

/// As a table.
auto text(metrics const& m) -> std::string;

// ---- for who takes them: see snapshot
void note(metrics& m, metrics::ring const& r, bool first);
void note(metrics& m, metrics::stage const& s, std::string_view name);
void note(metrics& m, metrics::worker const& w);
/// Worker `w` runs the stage.
void note_stage(metrics& m, std::size_t w, std::string_view name, double useful_ns, bool by_plan);
/// The stages are known: how long each of their workers had nothing to do.
void note_idle_times(metrics& m);

/// Into anything that takes text; no <iostream> needed here.
template <typename Stream>
auto operator<<(Stream& out, metrics const& m) -> Stream& {
  out << text(m);
  return out;
}

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/run/metrics.ipp>
#endif
