// SPDX-License-Identifier: MIT
#include <millrace/run/seat.hpp>

#include "support/catch.hpp"

using millrace::pace;

TEST_CASE("a batch lasts about fifty microseconds, once it is known what an event costs") {
  pace p;
  CHECK(p.most(1000) == 1);  // nothing is known
  for (int i = 0; i < 40; ++i) p.took(10, 1000);  // 100 ns each, which is believed by and by
  CHECK(p.most(100'000) >= 480);
  CHECK(p.most(100'000) <= 500);
  CHECK(p.most(7) == 7);
  p.took(10, 600'000);  // slower is believed at once
  CHECK(p.most(100'000) == 1);
}

TEST_CASE("who waits for lanes takes brief batches, of one event at least") {
  pace p;
  CHECK(p.most(1000, true) == 1);
  for (int i = 0; i < 40; ++i) p.took(10, 1000);
  auto const whole = p.most(100'000);
  CHECK(p.most(100'000, true) <= whole / 16 + 1);
  CHECK(p.most(100'000, true) >= whole / 16);
  CHECK(p.most(3, true) == 3);
}

TEST_CASE("batches are timed often enough to know, seldom enough to cost nothing") {
  pace p;
  CHECK(p.timed(1));  // nothing is known: the first one
  p.took(1, 10);
  for (int i = 0; i < 40; ++i) p.took(1, 10);
  int timed = 0;
  for (int i = 0; i < 160; ++i)
    if (p.timed(1)) ++timed, p.took(1, 10);
  CHECK(timed == 10);  // single cheap events: one batch in sixteen
  CHECK(p.timed(pace::sure_after_events));
}
