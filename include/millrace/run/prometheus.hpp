// SPDX-License-Identifier: MIT
// A snapshot in the text format of Prometheus, for a program that answers GET /metrics.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/run/metrics.hpp>

namespace millrace {

/// Writes families of samples, each with its help and type.
class prometheus_writer {
 public:
  MILLRACE_COLD explicit prometheus_writer(std::string_view prefix) : prefix_{prefix} {
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; };
    bool fits = !prefix.empty() && letter(prefix[0]);
    for (char const c : prefix) fits = fits && (letter(c) || (c >= '0' && c <= '9'));
    if (!fits) throw bad_call{"millrace: a prefix of names for Prometheus has letters, digits, _ and :, and no digit at the beginning"};
  }
  MILLRACE_COLD void family(char const* name, char const* type, char const* help) {
    name_ = prefix_ + '_' + name;
    text += "# HELP " + name_ + ' ' + help + "\n# TYPE " + name_ + ' ' + type + '\n';
  }
  template <typename Number>
  MILLRACE_COLD void sample(char const* label, std::string_view value, Number n) {
    text += name_ + '{' + label + "=\"";
    for (char const c : value) {
      if (c == '\\' || c == '"') text += '\\';
      if (c == '\n') text += "\\n";
      else text += c;
    }
    text += "\"} " + number(n) + '\n';
  }
  std::string text;

 private:
  static auto number(std::int64_t n) -> std::string { return std::to_string(n); }
  static auto number(double n) -> std::string {
    char out[64];
    std::snprintf(out, sizeof out, "%.9f", n);
    return out;
  }
  std::string prefix_, name_;
};

/// `m` as an exposition: rings by number, stages by name, workers by number. `mr::to_prometheus(mr::snapshot(run), "orders")` has names
/// like orders_stage_events_total. Counters only grow while the runner is there; two taps of one name are added up.
///
/// Called by  any thread.
/// Throws     bad_call if the prefix cannot begin a name; std::bad_alloc.
[[nodiscard]] MILLRACE_COLD inline auto to_prometheus(metrics const& m, std::string_view prefix = "millrace") -> std::string {
  prometheus_writer out{prefix};
  auto const rings = [&](char const* name, char const* type, char const* help, auto value) {
    out.family(name, type, help);
    out.sample("ring", "0", value(m.events));
    for (std::size_t r = 0; r < m.further.size(); ++r) out.sample("ring", std::to_string(r + 1), value(m.further[r]));
  };
  using ring = metrics::ring;
  rings("ring_capacity", "gauge", "Slots of the ring.", [](ring const& r) { return r.capacity; });
  rings("ring_depth", "gauge", "Events in the ring.", [](ring const& r) { return r.depth; });
  rings("ring_waiting", "gauge", "Events beside the ring, for which there is no room yet.", [](ring const& r) { return r.waiting; });
  rings("ring_published_total", "counter", "Events that entered the ring.", [](ring const& r) { return r.published; });
  rings("ring_done_total", "counter", "Events that have passed every stage of the ring.", [](ring const& r) { return r.done; });
  rings("ring_tombstones_total", "counter", "Claims that were given up; they count as published.", [](ring const& r) { return r.tombstones; });
  rings("ring_refused_total", "counter", "Events that found no room and were refused.", [](ring const& r) { return r.refused; });
  rings("ring_dropped_total", "counter", "Events that were dropped for want of room.", [](ring const& r) { return r.dropped; });
  rings("ring_conflated_total", "counter", "Events in whose place a newer one of their key went on.", [](ring const& r) { return r.conflated; });
  rings("ring_blocked_seconds_total", "counter", "Time that producers have waited for room.", [](ring const& r) { return r.blocked_ns * 1e-9; });

  auto const stages = [&](char const* name, char const* help, auto value) {
    out.family(name, "counter", help);
    for (std::size_t s = 0; s < m.stages.size(); ++s) {
      auto sum = value(m.stages[s]);
      bool first = true;
      for (std::size_t other = 0; other < m.stages.size(); ++other) {
        if (other == s || m.stages[other].name != m.stages[s].name) continue;
        if (other < s) first = false;
        sum += value(m.stages[other]);
      }
      if (first) out.sample("stage", m.stages[s].name, sum);
    }
  };
  using stage = metrics::stage;
  stages("stage_events_total", "Events that have passed the stage.", [](stage const& s) { return s.events; });
  stages("stage_batches_total", "Batches in which they came.", [](stage const& s) { return s.batches; });
  stages("stage_failed_total", "Events that failed there and were skipped or diverted.", [](stage const& s) { return s.failed; });
  stages("stage_useful_seconds_total", "Time in the handler and the loop around it.", [](stage const& s) { return s.useful_ns * 1e-9; });

  out.family("worker_useful_seconds_total", "counter", "Time that workers of the present plan have worked for this runner.");
  for (auto const& w : m.workers) out.sample("worker", std::to_string(w.number), w.useful_ns * 1e-9);
  return std::move(out.text);
}

}  // namespace millrace
