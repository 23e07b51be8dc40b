// SPDX-License-Identifier: MIT
// What a runner does now, as lines of text that fit a terminal: a box for each worker with the stages that it runs, bars, decisions.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <millrace.hpp>
#include <millrace/run/diagram.hpp>

/// A moment, as values: easy to make up for a test.
struct moment {
  millrace::metrics total, lately;  // since the start; since the moment before
  millrace::diagram stages;
  std::vector<std::string> decisions;  // the latest last
};

inline auto short_number(double x) -> std::string {
  char out[32];
  if (x >= 1e6) std::snprintf(out, sizeof out, "%.2fM", x / 1e6);
  else if (x >= 1e4) std::snprintf(out, sizeof out, "%.0fk", x / 1e3);
  else std::snprintf(out, sizeof out, "%.0f", x);
  return out;
}
inline auto padded(std::string s, std::size_t width, bool right = false) -> std::string {
  if (s.size() > width) s.resize(width);
  auto const space = std::string(width - s.size(), ' ');
  return right ? space + s : s + space;
}
inline auto bar(double share, std::size_t width) -> std::string {
  share = std::clamp(share, 0.0, 1.0);
  auto full = static_cast<std::size_t>(share * static_cast<double>(width) + 0.5);
  if (full == 0 && share > 0 && width > 0) full = 1;
  return std::string(full, '#') + std::string(width - full, '.');
}
inline auto percent(double share) -> std::string { return padded(std::to_string(static_cast<int>(share * 100 + 0.5)), 3, true) + " %"; }

/// Events that lie before stage `s`: what those before it have passed, and it has not.
inline auto waiting_before(moment const& m, std::size_t s) -> std::int64_t {
  auto const& d = m.stages.stages[s];
  if (d.after == 0 && !d.first) return 0;  // the first of a further ring, or an own source
  auto from = m.total.events.published;
  if (d.after != 0) from = INT64_MAX;
  for (auto rest = d.after; rest != 0; rest &= rest - 1) from = std::min(from, m.total.stages[static_cast<std::size_t>(std::countr_zero(rest))].events);
  return std::max<std::int64_t>(0, from - m.total.stages[s].events);
}

/// The box of a worker: all lines `width` wide.
inline auto box(moment const& m, millrace::metrics::worker const& w, std::size_t width) -> std::vector<std::string> {
  auto const inside = width - 4;
  auto title = "- worker " + std::to_string(w.number) + (w.cpu >= 0 ? ", processor " + std::to_string(w.cpu) : "") + ' ';
  auto const busy = " busy " + percent(m.lately.busy(w)) + " -";
  if (title.size() + busy.size() + 2 > width) title = "- " + std::to_string(w.number) + ' ';
  auto const dashes = title.size() + busy.size() + 2 < width ? width - 2 - title.size() - busy.size() : 0;
  std::vector<std::string> lines{padded("+" + title + std::string(dashes, '-') + busy, width - 1) + "+"};
  for (std::size_t s = 0; s < m.stages.stages.size() && s < m.lately.stages.size(); ++s) {
    auto const& by = m.stages.stages[s].workers;
    if (std::find(by.begin(), by.end(), w.number) == by.end()) continue;
    auto const& stage = m.lately.stages[s];
    auto const wait = waiting_before(m, s);
    auto const name = inside > 40 ? inside - 30 : 12;
    auto line = padded(stage.name + (by.size() > 1 ? " (shared)" : ""), name) + padded(short_number(m.lately.rate(stage)) + "/s", 9, true) + padded(short_number(m.lately.ns_per_event(stage)) + " ns", 10, true) + ' ' +
                bar(static_cast<double>(wait) / static_cast<double>(std::max<std::int64_t>(1, m.total.events.capacity)), 10);
    lines.push_back("| " + padded(line, inside) + " |");
  }
  lines.push_back("+" + std::string(width - 2, '-') + "+");
  return lines;
}

/// At most `height` lines of at most `width` characters.
inline auto frame(moment const& m, std::size_t width, std::size_t height) -> std::vector<std::string> {
  constexpr std::size_t least_box = 46;
  std::vector<std::string> lines;
  auto const per_second = m.lately.elapsed_ns > 0 ? static_cast<double>(m.lately.events.done) / m.lately.elapsed_ns * 1e9 : 0;
  lines.push_back("millrace  " + short_number(m.total.elapsed_ns * 1e-9) + " s  " + short_number(per_second) + "/s  " + std::to_string(m.total.workers.size()) + " threads  producer blocked " + percent(m.lately.producer_blocked()) + "  (q quits)");
  auto const ring = [&](char const* name, millrace::metrics::ring const& r) {
    auto const numbers = ' ' + std::to_string(r.depth) + " of " + std::to_string(r.capacity);
    auto const room = width > numbers.size() + 8 ? width - numbers.size() - 8 : 0;
    lines.push_back(padded(name, 6) + ' ' + bar(static_cast<double>(r.depth) / static_cast<double>(std::max<std::int64_t>(1, r.capacity)), room) + numbers);
  };
  ring("ring", m.total.events);
  for (auto const& r : m.total.further) ring("behind", r);

  auto const columns = std::max<std::size_t>(1, std::min(width / least_box, m.lately.workers.size()));
  auto const wide = std::max<std::size_t>(width / columns, 16);
  for (std::size_t first = 0; first < m.lately.workers.size(); first += columns) {
    std::vector<std::vector<std::string>> row;
    std::size_t tall = 0;
    for (auto w = first; w < first + columns && w < m.lately.workers.size(); ++w) row.push_back(box(m, m.lately.workers[w], wide)), tall = std::max(tall, row.back().size());
    for (std::size_t i = 0; i < tall; ++i) {
      std::string line;
      for (auto const& b : row) line += i < b.size() ? b[i] : std::string(wide, ' ');
      lines.push_back(std::move(line));
    }
  }
  for (auto d = m.decisions.rbegin(); d != m.decisions.rend() && lines.size() < height; ++d) lines.push_back(*d);
  if (lines.size() > height) lines.resize(height);
  for (auto& l : lines)
    if (l.size() > width) l.resize(width);
  return lines;
}

/// The same in a line, for a log.
inline auto line(moment const& m) -> std::string {
  auto const per_second = m.lately.elapsed_ns > 0 ? static_cast<double>(m.lately.events.done) / m.lately.elapsed_ns * 1e9 : 0;
  auto out = short_number(m.total.elapsed_ns * 1e-6) + " ms: " + short_number(per_second) + "/s, " + std::to_string(m.total.events.depth) + " of " + std::to_string(m.total.events.capacity) + " in the ring;";
  for (auto const& w : m.lately.workers) out += " [" + w.stages + "]" + percent(m.lately.busy(w));
  return out;
}
