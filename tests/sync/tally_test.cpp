// SPDX-License-Identifier: MIT
#include <millrace/sync/tally.hpp>

#include <thread>

#include "support/catch.hpp"

TEST_CASE("a tally counts, and can be raised but not lowered") {
  millrace::tally<millrace::std_platform> t;
  CHECK(t.read() == 0);
  t.add(3);
  t.add(4);
  CHECK(t.read() == 7);
  t.raise_to(5);
  CHECK(t.read() == 7);
  t.raise_to(9);
  CHECK(t.read() == 9);
}

TEST_CASE("a tally can be read while it counts, and never falls") {
  millrace::tally<millrace::std_platform> t;
  std::thread counter{[&] {
    for (int i = 0; i < 20'000; ++i) t.add(1);
  }};
  long fell = 0;
  for (std::int64_t last = 0; last != 20'000;) {
    auto const now = t.read();
    if (now < last) ++fell;
    last = now;
  }
  counter.join();
  CHECK(fell == 0);
}
