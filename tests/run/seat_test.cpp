// SPDX-License-Identifier: MIT
#include <millrace/run/seat.hpp>

#include "support/catch.hpp"

using millrace::pace;
using millrace::stage_cost;

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

TEST_CASE("what a stage costs: one event in cold caches does not count as much as a hundred in warm ones") {
  stage_cost c;
  CHECK(c.each() == 0);  // not known
  c.looked(1, 500);
  CHECK(c.each() / pace::fraction == 500);
  c.looked(128, 128 * 20);
  CHECK(c.each() / pace::fraction < 25);
  for (int i = 0; i < 10; ++i) c.looked(1, 300);  // each look counts for a fourth in the end, however few events it has
  CHECK(c.each() / pace::fraction > 280);
}

TEST_CASE("stages are looked at often when nothing is known, then seldom") {
  int early = 0, later = 0;
  for (std::uint32_t k = 0; k < 64; ++k) early += stage_cost::due(k) ? 1 : 0;
  for (std::uint32_t k = 640; k < 6400; ++k) later += stage_cost::due(k) ? 1 : 0;
  CHECK(stage_cost::due(0));
  CHECK(early >= 6);
  CHECK(later >= 90);
  CHECK(later <= 95);
}
