// SPDX-License-Identifier: MIT
// What a runner has been doing, in plain numbers, and as a table.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
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
  friend auto operator-(metrics later, metrics const& earlier) -> metrics {
    later.elapsed_ns -= earlier.elapsed_ns;
    auto const less = [](ring& r, ring const& was) {
      r.published -= was.published, r.tombstones -= was.tombstones, r.done -= was.done, r.blocked_ns -= was.blocked_ns;
      r.refused -= was.refused, r.dropped -= was.dropped, r.conflated -= was.conflated;
    };
    less(later.events, earlier.events);
    for (std::size_t r = 0; r < later.further.size() && r < earlier.further.size(); ++r) less(later.further[r], earlier.further[r]);
    for (std::size_t s = 0; s < later.stages.size() && s < earlier.stages.size(); ++s) {
      if (later.stages[s].name != earlier.stages[s].name) continue;  // a tap that was attached meanwhile
      later.stages[s].events -= earlier.stages[s].events;
      later.stages[s].batches -= earlier.stages[s].batches;
      later.stages[s].failed -= earlier.stages[s].failed;
      later.stages[s].useful_ns -= earlier.stages[s].useful_ns;
      later.stages[s].idle_ns -= earlier.stages[s].idle_ns;
    }
    for (auto& w : later.workers)
      for (auto const& was : earlier.workers)
        if (was.number == w.number) w.useful_ns -= was.useful_ns;
    return later;
  }

 private:
  [[nodiscard]] auto share(double ns) const noexcept -> double {
    auto const s = elapsed_ns > 0 ? ns / elapsed_ns : 0;
    return s < 0 ? 0 : s > 1 ? 1 : s;
  }
};

/// As a table.
auto text(metrics const& m) -> std::string;

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
