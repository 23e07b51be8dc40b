// SPDX-License-Identifier: MIT
#include <millrace/place/pin.hpp>

#include <sched.h>

#include <thread>
#include <vector>

#include <millrace/place/allowed.hpp>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace;

namespace {
/// What a fresh thread hears when it pins itself, where it then runs, and where it may.
struct outcome {
  binding what;
  int runs_on;
  std::vector<int> may_run_on;
};
auto pinned(topology const& t, int cpu) -> outcome {
  outcome o{};
  std::thread{[&] {
    o.what = pin_this_thread(t, cpu);
    o.runs_on = ::sched_getcpu();
    o.may_run_on = allowed_cpus();
  }}.join();
  return o;
}
}  // namespace

TEST_CASE("a pinned thread runs on its processor and on no other") {
  auto const t = topology::machine();
  for (int const cpu : allowed_cpus()) {
    auto const o = pinned(t, cpu);
    CHECK(o.what == binding::done);
    CHECK(o.runs_on == cpu);
    CHECK(o.may_run_on == std::vector{cpu});
  }
}

TEST_CASE("a thread may be pinned again, elsewhere") {
  auto const t = topology::machine();
  std::thread{[&] {
    for (int const cpu : allowed_cpus()) {
      CHECK(pin_this_thread(t, cpu) == binding::done);
      CHECK(::sched_getcpu() == cpu);
    }
  }}.join();
}

TEST_CASE("a thread that cannot be pinned is told why, and stays where it was") {
  auto const here = topology::machine();
  auto const expect = [](topology const& t, int cpu, binding why) {
    auto const o = pinned(t, cpu);
    CAPTURE(cpu, text(o.what));
    CHECK(o.what == why);
    CHECK(o.may_run_on == allowed_cpus());
  };
  SECTION("nothing asked for") { expect(here, unpinned, binding::unneeded); }
  SECTION("no such processor") { expect(here, 100000, binding::unknown_cpu); }
  SECTION("a number that is none") { expect(here, -2, binding::unknown_cpu); }
  SECTION("nothing known of the machine") { expect(topology{}, 0, binding::unknown_cpu); }
  SECTION("another machine") { expect(topology::synthetic("pu:1"), 0, binding::another_machine); }
  SECTION("the system does not have what the topology says") {
    places::believed const lie;
    expect(topology::synthetic("core:4096 pu:1"), 4095, binding::refused);
  }
}
