// SPDX-License-Identifier: MIT
// Medians, ratios within a round, and the two ways to print them: a table for people, rows for programs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "support/probe.hpp"
#include "support/problem.hpp"

namespace bench {

/// One turn of one entry.
struct turn {
  measured result;
  regime where;
};

/// An entry and its turns, one per round.
struct line_up {
  entry const* who;
  std::vector<turn> turns;
};

struct summary {
  std::size_t n = 0;
  double median = 0;
  double least = 0;
  double most = 0;
};

inline auto summarise(std::vector<double> values) -> summary {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  auto const n = values.size();
  auto const middle = n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  return {.n = n, .median = middle, .least = values.front(), .most = values.back()};
}

/// The values of the turns in one placement, or of all.
template <typename Value>
auto values_of(line_up const& l, std::optional<regime> only, Value value) -> std::vector<double> {
  std::vector<double> found;
  for (auto const& t : l.turns) {
    if (!only || t.where == *only) found.push_back(value(t.result));
  }
  return found;
}

/// Round by round, this entry's value over the reference's: both ran within seconds of each other. With `only`, the
/// rounds in which both ran in that placement.
inline auto ratios_to(line_up const& l, line_up const* reference, std::size_t q, std::optional<regime> only)
    -> std::vector<double> {
  std::vector<double> found;
  if (reference == nullptr) return found;
  for (std::size_t round = 0; round < l.turns.size() && round < reference->turns.size(); ++round) {
    auto const& mine = l.turns[round];
    auto const& its = reference->turns[round];
    if (only && (mine.where != *only || its.where != *only)) continue;
    if (its.result.values[q] > 0) found.push_back(mine.result.values[q] / its.result.values[q]);
  }
  return found;
}

/// What ratios of this line refer to: of the entries with this part in the same job, and of the same style if there are
/// any, the one with the best median in this placement.
inline auto reference_of(line_up const& l, std::vector<line_up> const& all, role part, std::size_t q,
                         std::optional<regime> only) -> line_up const* {
  auto const& what = l.who->where->quantities[q];
  if (!what.ratio) return nullptr;
  line_up const* best = nullptr;
  double best_median = 0;
  bool best_in_style = false;
  for (auto const& other : all) {
    if (other.who->job != l.who->job || other.who->part != part) continue;
    auto const s = summarise(values_of(other, only, [q](measured const& m) { return m.values[q]; }));
    if (s.n == 0) continue;
    bool const in_style = other.who->style == l.who->style;
    bool const better = what.more_is_better ? s.median > best_median : s.median < best_median;
    if (best != nullptr && (in_style < best_in_style || (in_style == best_in_style && !better))) continue;
    best = &other;
    best_median = s.median;
    best_in_style = in_style;
  }
  return best;
}

/// Medians of the ratios within a round.
inline auto ratio(line_up const& l, std::vector<line_up> const& all, role part, std::size_t q,
                  std::optional<regime> only) -> summary {
  return summarise(ratios_to(l, reference_of(l, all, part, q, only), q, only));
}

inline auto text(summary const& s, bool range) -> std::string {
  if (s.n == 0) return "-";
  char buffer[96];
  if (range) {
    std::snprintf(buffer, sizeof buffer, "%.4g [%.4g .. %.4g] (%zu)", s.median, s.least, s.most, s.n);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.4g (%zu)", s.median, s.n);
  }
  return buffer;
}

inline auto ratio_text(line_up const& l, std::vector<line_up> const& all, role part, std::size_t q) -> std::string {
  auto const near = ratio(l, all, part, q, regime::near);
  auto const any = ratio(l, all, part, q, std::nullopt);
  if (any.n == 0) return "-";
  char buffer[64];
  if (near.n == 0) {
    std::snprintf(buffer, sizeof buffer, "- / %.3g", any.median);
  } else {
    std::snprintf(buffer, sizeof buffer, "%.3g / %.3g", near.median, any.median);
  }
  return buffer;
}

/// In whose placement figures are compared: near, if there are any.
inline auto compared_in(line_up const& a, line_up const& b, std::size_t q) -> std::optional<regime> {
  if (ratios_to(a, &b, q, regime::near).empty()) return std::nullopt;
  return regime::near;
}
/// How many times as good a is as b, the median of the rounds; 0: unknown.
inline auto times_as_good(line_up const& a, line_up const& b, std::size_t q) -> double {
  auto const r = summarise(ratios_to(a, &b, q, compared_in(a, b, q))).median;
  return r <= 0 ? 0 : a.who->where->quantities[q].more_is_better ? r : 1 / r;
}

/// The best of those of the same job that `counts` names: the one that no other is better than.
template <typename Counts>
auto best_of(std::string const& job, std::vector<line_up> const& all, std::size_t q, Counts counts) -> line_up const* {
  line_up const* best = nullptr;
  for (auto const& l : all)
    if (l.who->job == job && counts(*l.who) && (best == nullptr || times_as_good(l, *best, q) > 1)) best = &l;
  return best;
}

/// Who wins: our best against the best of the others. What is written by hand for one job does not take part.
inline auto verdict(line_up const& l, std::vector<line_up> const& all, std::size_t q) -> std::string {
  auto const ours = [](entry const& who) { return who.contender == "millrace"; };
  auto const others = [](entry const& who) { return who.contender != "millrace" && who.contender != "hand-written"; };
  auto const* const mine = best_of(l.who->job, all, q, ours);
  auto const* const other = best_of(l.who->job, all, q, others);
  if (mine == nullptr || other == nullptr || !l.who->where->quantities[q].ratio) return "";
  if (&l == mine) {
    auto const times = times_as_good(l, *other, q);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.2g x ", times);
    return (times >= 1 ? "**won**: " : "**lost**: ") + std::string{buffer} + other->who->contender;
  }
  return others(*l.who) && times_as_good(l, *mine, q) > 1 ? "ahead of us" : "";
}

/// Jobs that begin with a number in the order of their numbers.
inline auto job_before(std::string const& a, std::string const& b) -> bool {
  auto const x = std::strtod(a.c_str(), nullptr), y = std::strtod(b.c_str(), nullptr);
  return x != y ? x < y : a < b;
}

/// The order of a table: job by job, the best first.
inline auto best_first(std::vector<line_up> const& all, std::size_t q) -> std::vector<line_up const*> {
  struct row {
    line_up const* l;
    double value;
  };
  std::vector<row> rows;
  for (auto const& l : all) {
    auto const median = summarise(values_of(l, std::nullopt, [q](measured const& m) { return m.values[q]; })).median;
    rows.push_back({&l, l.who->where->quantities[q].more_is_better ? -median : median});
  }
  std::sort(rows.begin(), rows.end(), [](row const& a, row const& b) {
    if (a.l->who->job != b.l->who->job) return job_before(a.l->who->job, b.l->who->job);
    return std::tie(a.value, a.l) < std::tie(b.value, b.l);
  });
  std::vector<line_up const*> order;
  for (auto const& r : rows) order.push_back(r.l);
  return order;
}

/// Markdown, so that a table can go into a README as it is.
inline void print(topology const& where, std::vector<line_up> const& all) {
  auto const cpu = [](measured const& m) { return m.cpu_ns_per_event; };
  for (std::size_t q = 0; q < where.quantities.size() && where.quantities[q].name != nullptr; ++q) {
    auto const& what = where.quantities[q];
    auto const value = [q](measured const& m) { return m.values[q]; };
    std::printf("\n### %s: %s, %s (%s, %s is better)\n\n", where.name, where.title, what.name, what.unit, what.more_is_better ? "more" : "less");
    std::puts("| job | contender | variant | near: median [min .. max] (n) | far (n) | all: median [min .. max] (n) "
              "| CPU ns/event | to limit: near / all | to LMAX: near / all | |");
    std::puts("|---|---|---|---|---|---|---|---|---|---|");
    for (auto const* row : best_first(all, q)) {
      auto const& l = *row;
      auto near_cpu = summarise(values_of(l, regime::near, cpu));
      if (near_cpu.n == 0) near_cpu = summarise(values_of(l, std::nullopt, cpu));
      auto const* const part = l.who->part == role::limit ? " (limit)" : l.who->part == role::lmax ? " (LMAX)" : "";
      std::printf("| %s | %s | %s%s | %s | %s | %s | %.3g | %s | %s | %s |\n", l.who->job.c_str(), l.who->contender.c_str(), l.who->variant.c_str(), part,
                  text(summarise(values_of(l, regime::near, value)), true).c_str(), text(summarise(values_of(l, regime::far, value)), false).c_str(),
                  text(summarise(values_of(l, std::nullopt, value)), true).c_str(), near_cpu.median, ratio_text(l, all, role::limit, q).c_str(),
                  ratio_text(l, all, role::lmax, q).c_str(), verdict(l, all, q).c_str());
    }
  }
  std::fflush(stdout);
}

/// JSON knows no infinity.
inline auto number(double value) -> std::string {
  if (!std::isfinite(value)) return "null";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", value);
  return buffer;
}

/// Rows of JSON: one per entry, quantity and placement that occurred, and one for all placements together.
inline void write_rows(std::FILE* file, bool& first, topology const& where, std::vector<line_up> const& all) {
  struct cut {
    char const* name;
    std::optional<regime> only;
  };
  for (auto const& l : all) {
    for (std::size_t q = 0; q < where.quantities.size() && where.quantities[q].name != nullptr; ++q) {
      for (auto const& c : {cut{"near", regime::near}, cut{"far", regime::far}, cut{"mixed", regime::mixed},
                            cut{"all", std::nullopt}}) {
        auto const v = summarise(values_of(l, c.only, [q](measured const& m) { return m.values[q]; }));
        if (v.n == 0) continue;
        auto const cpu = summarise(values_of(l, c.only, [](measured const& m) { return m.cpu_ns_per_event; }));
        auto const& what = where.quantities[q];
        auto const lmax = ratio(l, all, role::lmax, q, c.only);
        auto const limit = ratio(l, all, role::limit, q, c.only);
        std::fprintf(file,
                     "%s\n  {\"topology\": \"%s\", \"job\": \"%s\", \"contender\": \"%s\", \"variant\": \"%s\", "
                     "\"quantity\": \"%s\", \"rounds\": %zu, \"median\": %s, \"min\": %s, \"max\": %s, "
                     "\"unit\": \"%s\", \"cpu_ns_per_event\": %s, \"ratio_lmax\": %s, \"ratio_limit\": %s, "
                     "\"regime\": \"%s\"}",
                     first ? "" : ",", where.name, l.who->job.c_str(), l.who->contender.c_str(),
                     l.who->variant.c_str(), what.name, v.n, number(v.median).c_str(), number(v.least).c_str(), number(v.most).c_str(), what.unit,
                     number(cpu.median).c_str(), lmax.n == 0 ? "null" : number(lmax.median).c_str(), limit.n == 0 ? "null" : number(limit.median).c_str(), c.name);
        first = false;
      }
    }
  }
}

}  // namespace bench
