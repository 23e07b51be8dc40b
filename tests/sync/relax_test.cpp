// SPDX-License-Identifier: MIT
#include <millrace/sync/relax.hpp>

#include "support/catch.hpp"

TEST_CASE("neither clock goes back, whatever is done between two looks") {
  auto clock = millrace::clock_now();
  auto ticks = millrace::clock_ticks();
  long back = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 100 == 0) millrace::cpu_yield();
    millrace::cpu_relax();
    auto const c = millrace::clock_now();
    auto const t = millrace::clock_ticks();
    back += c < clock ? 1 : 0;
    clock = c, ticks = t;
  }
  CHECK(back == 0);
  CHECK(ticks != 0);
}
