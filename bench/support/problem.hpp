// SPDX-License-Identifier: MIT
// The words of a comparison: a topology (the problem and what is measured), a load, a result, and the roster on which
// every contender file enters itself. A contender that is not linked is simply not on it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/clock.hpp"

namespace bench {

struct quantity {
  char const* name;
  char const* unit;
  bool more_is_better = false;
  bool ratio = true;  // worth dividing by the limit's value
};

struct topology {
  char const* name;
  char const* title;
  int order;               // of the tables
  std::int64_t events;     // per run, at share 1
  std::int64_t few;        // the same for --smoke
  bool scales = true;      // --events applies
  std::array<quantity, 4> quantities{};
  bool growth = false;     // a curve: only with --growth, or by name
  bool by_name = false;    // takes minutes: only by name, or in --smoke
};

struct load {
  std::int64_t events;
  bool smoke = false;
  bool quick = false;
};

struct measured {
  std::array<double, 4> values{};     // in the order of the topology's quantities
  double cpu_ns_per_event = 0;
};

/// What a run of throughput has to say: millions of events per second.
inline auto throughput(stopwatch const& watch, std::int64_t events) -> measured {
  auto const n = static_cast<double>(events);
  return {.values = {n / watch.wall() * 1e-6}, .cpu_ns_per_event = watch.cpu() * 1e9 / n};
}

enum class role { contender, limit, lmax };

struct entry {
  topology const* where;
  std::string job;        // what is the same for all that are compared, such as "publish 10"
  std::string contender;
  std::string variant;
  std::function<measured(load const&)> run;
  role part = role::contender;  // within its job: the limits and the LMAX-style one are what ratios refer to
  std::string style{};          // compare with the limits of this style, where a job has several styles
  double share = 1;             // of the topology's events: slow contenders get fewer
  std::size_t cpus = 2;         // fewer than these: skipped with a reason
  bool in_smoke = true;         // false: --smoke has another of its kind
};

inline auto roster() -> std::vector<entry>& {
  static std::vector<entry> all;
  return all;
}

/// What the program says before the tables, such as the version of a contender.
inline auto notes() -> std::vector<std::string>& {
  static std::vector<std::string> all;
  return all;
}

/// A namespace-scope object of this type enters a file's contenders.
struct enter {
  explicit enter(std::vector<entry> several) {
    for (auto& one : several) roster().push_back(std::move(one));
  }
};

}  // namespace bench
