// SPDX-License-Identifier: MIT
// Numbers as a table.
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

}  // namespace millrace
