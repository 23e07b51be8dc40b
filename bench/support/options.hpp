// SPDX-License-Identifier: MIT
// The command line of millrace_bench.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "support/pin.hpp"

namespace bench {

struct options {
  std::string topology{};    // empty: all
  std::string contender{};   // empty: all
  std::string job{};         // how it begins; empty: all
  int rounds = 5;
  std::int64_t events = 0;   // 0: each topology's own
  bool smoke = false;
  bool quick = false;
  bool growth = false;
  bool first_in_line = false;
  std::string json{};
  std::string svg{};
};

inline constexpr char const* usage =
    "millrace_bench [--topology NAME] [--contender NAME] [--job TEXT] [--rounds N] [--events N]\n"
    "               [--cpus A,B,...] [--json FILE] [--svg DIRECTORY] [--nice] [--growth] [--quick] [--smoke]\n"
    "  --topology   unicast, many, chain3, chain8, own_source, diamond, multicast, ping_pong, idle, plan_change, swapping,\n"
    "               load_step, ordered_parallel, pool, keyed, resharding or resharding_latency; all of these if left out.\n"
    "               By name only: scheduled, steady, elastic_trace, pressed (minutes). Or a curve: growth_stages, ..._consumers, ..._ring,\n"
    "               ..._batch, ..._event, ..._producers, ..._keyed, ..._pool\n"
    "  --contender  one of the tables' contenders, such as millrace; ratios need hand-written and lmax-style in the same run\n"
    "  --job        only the jobs whose names begin so\n"
    "  --rounds     how often every contender has its turn (5)\n"
    "  --events     events per run; slow contenders take a fixed share of it. Of steady: seconds\n"
    "  --cpus       processors by number: the producer's, the consumer's, further ones; the allowed ones if left out\n"
    "  --json       also write one row per contender and placement into this file\n"
    "  --svg        also draw a chart of each table into this directory\n"
    "  --nice       ask for a higher priority, for this process and its session; harmless where it is refused\n"
    "  --growth     instead of the comparison: cost of an event against stages, consumers, ring, batch, event, producers, and a stage's work\n"
    "  --quick      a quarter of the events, and at most three rounds, as many as go into four minutes\n"
    "  --smoke      one round of very few events: does everything run and give the right result?\n";

inline auto parse_cpus(std::string_view list) -> std::vector<int> {
  std::vector<int> found;
  while (!list.empty()) {
    auto const end = list.find(',');
    found.push_back(std::atoi(std::string{list.substr(0, end)}.c_str()));
    list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  }
  return found;
}

inline auto parse(int count, char** words) -> options {
  options o;
  auto const refuse = [](char const* what) {
    std::fprintf(stderr, "bench: %s\n%s", what, usage);
    std::exit(2);
  };
  for (int i = 1; i < count; ++i) {
    std::string_view const word = words[i];
    auto const value = [&]() -> char const* {
      if (i + 1 == count) refuse("an option lacks its value");
      return words[++i];
    };
    if (word == "--topology") {
      o.topology = value();
    } else if (word == "--contender") {
      o.contender = value();
    } else if (word == "--job") {
      o.job = value();
    } else if (word == "--rounds") {
      o.rounds = std::atoi(value());
    } else if (word == "--events") {
      o.events = std::atoll(value());
    } else if (word == "--cpus") {
      cpus() = parse_cpus(value());
    } else if (word == "--json") {
      o.json = value();
    } else if (word == "--svg") {
      o.svg = value();
    } else if (word == "--growth") {
      o.growth = true;
    } else if (word == "--quick") {
      o.quick = true;
      o.rounds = 3;
    } else if (word == "--nice") {
      o.first_in_line = true;
    } else if (word == "--smoke") {
      o.smoke = true;
    } else if (word == "--help") {
      std::fputs(usage, stdout);
      std::exit(0);
    } else {
      refuse("unknown option");
    }
  }
  if (o.smoke) o.rounds = 1;
  if (o.rounds < 1 || o.events < 0 || cpus().empty()) refuse("counts must be positive");
  return o;
}

/// Both are needed: where the kernel groups processes by session, nice alone decides nothing against other sessions.
inline void ask_for_priority() {
  bool const nice = setpriority(PRIO_PROCESS, 0, -15) == 0;
  bool group = false;
  if (auto* file = std::fopen("/proc/self/autogroup", "w")) {
    group = std::fputs("-15", file) >= 0;
    group = std::fclose(file) == 0 && group;
  }
  std::printf("priority: nice %s, session %s\n", nice ? "-15" : "refused", group ? "-15" : "refused");
}

}  // namespace bench
