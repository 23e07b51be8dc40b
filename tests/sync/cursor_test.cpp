// SPDX-License-Identifier: MIT
#include <millrace/sync/cursor.hpp>

#include <thread>
#include <vector>

#include "support/catch.hpp"

namespace mr = millrace;
using cursor = mr::cursor<mr::std_platform, mr::site::producer_publish, mr::site::producer_published>;

TEST_CASE("a cursor stands where it was put") {
  cursor c;
  CHECK(c.published() == 0);
  c.publish(5);
  CHECK(c.published() == 5);
  CHECK(c.own() == 5);
  CHECK(cursor{mr::sequence_limit}.published() == mr::sequence_limit);
}

TEST_CASE("what was written before a cursor moved is there for who sees it moved") {
  constexpr mr::sequence events = 20'000;
  std::vector<mr::sequence> slots(events);  // plain memory: a missing order is a data race
  cursor c;
  std::thread reader{[&] {
    mr::sequence q = 0, wrong = 0;
    while (q != events) {
      auto const to = c.published();
      if (to == q) std::this_thread::yield();
      for (; q != to; ++q) wrong += slots[static_cast<std::size_t>(q)] == q + 1 ? 0 : 1;
    }
    c.publish(-1 - wrong);
  }};
  for (mr::sequence q = 0; q != events; ++q) {
    slots[static_cast<std::size_t>(q)] = q + 1;
    c.publish(q + 1);
  }
  reader.join();
  CHECK(c.published() == -1);
}
