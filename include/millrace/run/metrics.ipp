// SPDX-License-Identifier: MIT
// Metrics: as a table, the difference of two, and how a snapshot is put together.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace millrace {

MILLRACE_COMPILED auto text(metrics const& m) -> std::string {
  std::string out;
  char row[256];
  auto const line = [&](char const* format, auto... arguments) {
    std::snprintf(row, sizeof row, format, arguments...);
    out += row;
  };
  auto const wide = [](std::int64_t n) { return static_cast<long long>(n); };
  auto const about = [&](metrics::ring const& r) {
    line("ring of %lld: %lld published, %lld done; depth %lld now, %.0f mean, %lld most", wide(r.capacity), wide(r.published), wide(r.done), wide(r.depth), r.depth_mean, wide(r.depth_max));
  };
  line("%.3f s; ", m.elapsed_ns * 1e-9);
  about(m.events);
  if (m.events.blocked_ns > 0) line("; producer blocked %.1f %%", m.producer_blocked() * 100);
  for (auto const& [n, what] : {std::pair{m.events.refused, "refused"}, {m.events.dropped, "dropped"}, {m.events.conflated, "conflated"}, {m.events.waiting, "waiting for room"}})
    if (n > 0) line("; %lld %s", wide(n), what);
  if (m.events.tombstones > 0) line("; %lld of them given up", wide(m.events.tombstones));
  for (auto const& r : m.further) out += "\n  behind it ", about(r);
  out += "\n  stage              events      M/s   ns/event   useful  starved  blocked  worker\n";
  for (auto const& s : m.stages) {
    line("  %-14.14s %10lld %8.3f %10.1f %7.1f%% %7.1f%% %7.1f%% %7zu", s.name.c_str(), wide(s.events), m.rate(s) * 1e-6, m.ns_per_event(s), m.useful(s) * 100,
         m.starved(s) * 100, m.blocked(s) * 100, s.worker);
    if (s.failed != 0) line("  %lld failed", wide(s.failed));
    out += "\n";
  }
  for (auto const& w : m.workers) {
    if (w.cpu >= 0) line("  worker %zu on processor %d, %.1f%% busy: ", w.number, w.cpu, m.busy(w) * 100);
    else line("  worker %zu, not pinned, %.1f%% busy: ", w.number, m.busy(w) * 100);
    out += w.stages + "\n";
  }
  return out;
}

MILLRACE_COMPILED auto operator-(metrics later, metrics const& earlier) -> metrics {
  later.elapsed_ns -= earlier.elapsed_ns;
  auto const less = [](metrics::ring& r, metrics::ring const& was) {
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

MILLRACE_COMPILED void note(metrics& m, metrics::ring const& r, bool first) {
  if (first) m.events = r;
  else m.further.push_back(r);
}
MILLRACE_COMPILED void note(metrics& m, metrics::stage const& s, std::string_view name) {
  m.stages.push_back(s);
  m.stages.back().name = name;
}
MILLRACE_COMPILED void note(metrics& m, metrics::worker const& w) { m.workers.push_back(w); }
MILLRACE_COMPILED void note_stage(metrics& m, std::size_t w, std::string_view name, double useful_ns, bool by_plan) {
  for (auto& worker : m.workers) {
    if (worker.number != w) continue;
    worker.useful_ns += useful_ns;
    if (by_plan) worker.stages.append(worker.stages.empty() ? "" : " ").append(name);
  }
}
MILLRACE_COMPILED void note_idle_times(metrics& m) {
  for (auto& s : m.stages)
    for (auto const& w : m.workers)
      if (w.number == s.worker) s.idle_ns = m.elapsed_ns - w.useful_ns;
}

}  // namespace millrace
