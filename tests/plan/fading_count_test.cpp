// SPDX-License-Identifier: MIT
// What is counted and forgotten.
#include <millrace/plan/fading_count.hpp>

#include "support/catch.hpp"

using millrace::scheduling::fading_count;

TEST_CASE("a fading count forgets one for each spell, and never goes below none") {
  fading_count c;
  CHECK(c.of_late(100, 10) == 0);
  c.add(100, 10);
  CHECK(c.of_late(100, 10) == 1);
  CHECK(c.of_late(105, 10) == 0.5);
  c.add(105, 10);  // half of the first is left
  CHECK(c.of_late(105, 10) == 1.5);
  CHECK(c.of_late(115, 10) == 0.5);
  CHECK(c.of_late(1000, 10) == 0);
  c.add(1000, 10);
  CHECK(c.of_late(1000, 10) == 1);
}
