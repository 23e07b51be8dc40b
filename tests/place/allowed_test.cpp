// SPDX-License-Identifier: MIT
#include <millrace/place/allowed.hpp>

#include <algorithm>
#include <thread>
#include <vector>

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
