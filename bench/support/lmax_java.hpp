// SPDX-License-Identifier: MIT
// The LMAX Disruptor itself, in a process of its own for each run: a Java program of ours (lmax/Harness.java) that warms up, runs once
// more, and prints times and results.
#pragma once

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/check.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"

namespace bench::java {

inline constexpr char const* contender = "LMAX Disruptor";

struct answer {
  std::array<double, 3> times{};  // in nanoseconds: the whole run, or p50, p99, p99.9
  double cpu_ns = 0;
  std::vector<std::int64_t> results{};
};

inline auto there() -> bool { return access(MILLRACE_BENCH_JAVA, X_OK) == 0; }

/// Its threads may run where ours may, and pin themselves as ours do.
inline auto ask(char const* topology, char const* wait, std::int64_t batch, load const& l, std::size_t times = 1, std::int64_t links = 0) -> answer {
  std::ostringstream where, command;
  for (auto const cpu : cpus()) where << (where.tellp() > 0 ? "," : "") << cpu;
  int const warm_up_ms = l.smoke ? 0 : l.quick ? 500 : 1500;
  command << "taskset -c " << where.str() << " '" << MILLRACE_BENCH_JAVA << "' -Xms256m -Xmx256m -XX:+UseParallelGC -XX:+AlwaysPreTouch -cp '"
          << MILLRACE_BENCH_CLASSES << "' Harness " << topology << ' ' << wait << ' ' << batch << ' ' << l.events << ' ' << warm_up_ms << ' '
          << where.str() << ' ' << links;
  auto* const pipe = popen(command.str().c_str(), "r");
  expect(contender, pipe != nullptr, "no process for Java");
  std::string said;
  for (std::array<char, 256> some{}; std::fgets(some.data(), some.size(), pipe) != nullptr;) said += some.data();
  bool const ended_well = pclose(pipe) == 0;
  std::istringstream words{said};
  std::string first;
  words >> first;
  if (!ended_well || first != "millrace-lmax") std::fprintf(stderr, "%s\n%s", command.str().c_str(), said.c_str());
  expect(contender, ended_well && first == "millrace-lmax", "its program did not end well");
  answer a;
  for (std::size_t i = 0; i < times; ++i) words >> a.times[i];
  words >> a.cpu_ns;
  for (std::int64_t r = 0; words >> r;) a.results.push_back(r);
  return a;
}

inline void expect_results(answer const& a, std::vector<std::int64_t> const& wanted) {
  expect(contender, a.results.size() == wanted.size(), "wrong number of results");
  for (std::size_t i = 0; i < wanted.size(); ++i) expect_equal(contender, a.results[i], wanted[i]);
}

inline auto throughput(answer const& a, std::int64_t events) -> measured {
  auto const n = static_cast<double>(events);
  return {.values = {n / a.times[0] * 1e3}, .cpu_ns_per_event = a.cpu_ns / n};
}

/// A job that publishes: `wanted(events)` are its results.
template <typename Wanted>
auto publishing(topology const& where, char const* job, std::int64_t batch, char const* wait, role part, double share, Wanted wanted, char const* style = "")
    -> entry {
  return {.where = &where,
          .job = job,
          .contender = contender,
          .variant = wait,
          .run =
              [&where, batch, wait, wanted](load const& l) {
                auto const a = ask(where.name, wait, batch, l);
                expect_results(a, wanted(l.events));
                return throughput(a, l.events);
              },
          .part = part,
          .style = style,
          .share = share,
          .in_smoke = part == role::lmax && batch == 1};
}

/// Enters them if there is a Java to run.
struct enter_if_there {
  explicit enter_if_there(std::vector<entry> several) {
    if (there()) enter{std::move(several)};
  }
};

}  // namespace bench::java
