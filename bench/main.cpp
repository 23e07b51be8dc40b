// SPDX-License-Identifier: MIT
// The comparison of Millrace with what one would write by hand, and with the LMAX way. README.md says how to read it.
#include <cstdio>

#include "support/contest.hpp"
#include "support/options.hpp"
#include "support/pin.hpp"
#include "support/probe.hpp"
#include "support/problem.hpp"

auto main(int count, char** words) -> int {
  auto const o = bench::parse(count, words);
  if (o.first_in_line) bench::ask_for_priority();
  std::printf("processors:");
  for (auto const cpu : bench::cpus()) std::printf(" %d", cpu);
  std::printf("; one line to and fro: %.0f ns now; near is below %.0f ns before and after a run\n",
              bench::probe_ns(o.smoke ? 0.2e-3 : 12e-3), bench::near_limit_ns);
  std::fputs(MILLRACE_BENCH_LEFT_OUT, stdout);
  for (auto const& note : bench::notes()) std::puts(note.c_str());
  if (bench::hold(o) == 0) {
    std::fprintf(stderr, "bench: no such topology: %s\n", o.topology.c_str());
    return 2;
  }
  return 0;
}
