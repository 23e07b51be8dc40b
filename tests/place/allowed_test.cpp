// SPDX-License-Identifier: MIT
#include <millrace/place/allowed.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include <millrace/place/pressure.hpp>

#include "support/affinity.hpp"
#include "support/catch.hpp"

using namespace millrace;

TEST_CASE("the allowed processors are ascending, and at least one") {
  auto const cpus = allowed_cpus();
  REQUIRE_FALSE(cpus.empty());
  CHECK(cpus.front() >= 0);
  CHECK(std::adjacent_find(cpus.begin(), cpus.end(), [](int a, int b) { return a >= b; }) == cpus.end());
}

TEST_CASE("a thread with an affinity mask is allowed what is in the mask") {
  for (int const cpu : allowed_cpus()) {
    std::vector<int> found;
    std::thread{[&] {
      support::run_only_on(cpu);
      found = allowed_cpus();
    }}.join();
    CHECK(found == std::vector{cpu});
  }
}

TEST_CASE("what another thread may use is seen, also when somebody changes it while it runs") {
  std::atomic<std::int64_t> number{0};
  std::atomic<bool> enough{false};
  std::thread other{[&] {
    number = number_of_this_thread();
    number.notify_one();
    enough.wait(false);
  }};
  number.wait(0);
  if (auto const first = cpus_of_thread(number); !first.empty()) {  // this system can be asked
    CHECK(first == allowed_cpus());
    for (int const cpu : first) {
      support::run_only_on(cpu, number);
      CHECK(cpus_of_thread(number) == std::vector{cpu});
    }
    CHECK(allowed_cpus() == first);
  }
  enough = true;
  enough.notify_one();
  other.join();
  CHECK(cpus_of_thread(-5).empty());  // nobody's
}
