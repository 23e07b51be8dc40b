// SPDX-License-Identifier: MIT
#include <millrace/sync/claim_counter.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("numbers are drawn once, until the counter is closed") {
  mr::claim_counter<mr::std_platform> c{5};
  auto now = c.now();
  CHECK(now == 5);
  while (!c.take(now, 3)) {}
  auto stale = mr::sequence{5};
  CHECK(!c.take(stale, 1));
  CHECK(stale == 8);
  CHECK(c.room() == 5);
  c.found_room(20);
  CHECK(c.room() == 20);
  CHECK(c.close() == 8);
  CHECK(c.is_closed(c.now()));
  CHECK(c.next() == 8);
  CHECK(!c.take(stale, 1));
  CHECK(c.close() == 8);
}
