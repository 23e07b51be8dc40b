// SPDX-License-Identifier: MIT
// The order of turns: every contender once per round (A B C, A B C, ...), and a probe of the cores between any two
// turns, so that every run has one just before it and one just after.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/chart.hpp"
#include "support/clock.hpp"
#include "support/options.hpp"
#include "support/pin.hpp"
#include "support/probe.hpp"
#include "support/problem.hpp"
#include "support/table.hpp"

namespace bench {

/// What --quick may take for everything: each topology has a share of what is left, and at least one round.
inline constexpr double quick_seconds = 180;

inline auto load_for(entry const& who, options const& o) -> load {
  auto const& where = *who.where;
  if (o.smoke) return {.events = where.few, .smoke = true};
  auto const full = o.events > 0 && where.scales ? o.events : o.quick ? std::max(where.few, where.events / 4) : where.events;
  return {.events = std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(full) * who.share)), .quick = o.quick};
}

/// All entries of one topology that can run here, in the order of the table.
inline auto line_ups_of(topology const& where, options const& o) -> std::vector<line_up> {
  std::vector<line_up> all;
  for (auto const& who : roster()) {
    if (who.where != &where || (!o.contender.empty() && who.contender != o.contender) || (o.smoke && !who.in_smoke)) continue;
    if (who.job.rfind(o.job, 0) != 0) continue;
    if (cpus().size() < who.cpus) {
      std::printf("skipped: %s, %s, %s, %s: needs %zu processors, may use %zu\n", where.name, who.job.c_str(),
                  who.contender.c_str(), who.variant.c_str(), who.cpus, cpus().size());
      continue;
    }
    all.push_back({&who, {}});
  }
  std::sort(all.begin(), all.end(), [](line_up const& a, line_up const& b) {
    if (a.who->job != b.who->job) return job_before(a.who->job, b.who->job);
    return std::tie(a.who->contender, a.who) < std::tie(b.who->contender, b.who);
  });
  return all;
}

/// So many rounds; after the first one only while there is time for another.
inline void take_turns(std::vector<line_up>& all, options const& o, double seconds_left) {
  auto const probe_for = o.smoke ? 0.2e-3 : 12e-3;
  auto const begin = seconds();
  auto before = probe_ns(probe_for);
  for (int round = 0; round < o.rounds; ++round) {
    auto const spent = seconds() - begin;
    if (round > 0 && spent + spent / round > seconds_left) break;
    for (auto& l : all) {
      auto const result = l.who->run(load_for(*l.who, o));
      auto const after = probe_ns(probe_for);
      l.turns.push_back({result, regime_of(before, after)});
      before = after;
    }
  }
}

/// Runs what the options ask for. Returns how many topologies that was.
inline auto hold(options const& o) -> int {
  auto const by_order = [](topology const* a, topology const* b) { return std::tuple{a->order, std::string_view{a->name}} < std::tuple{b->order, std::string_view{b->name}}; };
  std::set<topology const*, decltype(by_order)> topologies{by_order};
  for (auto const& who : roster()) {
    bool const unasked = o.growth == who.where->growth && (!who.where->by_name || o.smoke);
    if (o.topology.empty() ? unasked : o.topology == who.where->name) topologies.insert(who.where);
  }
  std::FILE* const json = o.json.empty() ? nullptr : std::fopen(o.json.c_str(), "w");
  if (!o.json.empty() && json == nullptr) std::perror(o.json.c_str());
  if (json != nullptr) std::fputs("[", json);
  bool first = true;
  auto const begin = seconds();
  auto left = topologies.size();
  for (auto const* where : topologies) {
    auto all = line_ups_of(*where, o);
    auto const seconds_left = o.quick ? (quick_seconds - (seconds() - begin)) / static_cast<double>(left) : 1e9;
    --left;
    if (all.empty()) continue;
    take_turns(all, o, seconds_left);
    print(*where, all);
    if (!o.svg.empty()) draw(o.svg, *where, all);
    if (json != nullptr) write_rows(json, first, *where, all);
  }
  if (json != nullptr) {
    std::fputs("\n]\n", json);
    std::fclose(json);
  }
  return static_cast<int>(topologies.size());
}

}  // namespace bench
