// SPDX-License-Identifier: MIT
#include <millrace/sync/barrier.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using support::fake_platform;
using lanes = mr::lanes<fake_platform>;
using barrier = mr::barrier<fake_platform>;

TEST_CASE("a barrier of nobody stands at the end of the range") {
  barrier const b;
  CHECK(b.empty());
  CHECK(b.reached() == mr::sequence_limit);
}

TEST_CASE("a barrier has reached the least of its stages") {
  lanes one{1, 5}, many{mr::most_lanes, 5}, third{1, 5};
  barrier b;
  b.add(one);
  b.add(many);
  b.add(third);
  CHECK_FALSE(b.empty());
  CHECK(b.reached() == 5);
  one.advance(1, 9);
  third.advance(1, 7);
  CHECK(b.reached() == 5);
  many.advance(many.all(), 8);
  CHECK(b.reached() == 7);
  third.advance(1, 100);
  CHECK(b.reached() == 8);
}

TEST_CASE("a waiter of a barrier hears from each of its stages") {
  fake_platform::begin();
  lanes first, second, other;
  barrier b;
  b.add(first);
  b.add(second);
  mr::event_count<fake_platform> sleep;
  mr::sleepers<fake_platform> table;
  table.seat(4, sleep);
  for (auto* moved : {&first, &second}) {
    auto const key = sleep.prepare();
    b.add_waiter(4);
    other.waiting.notify(table);
    CHECK(fake_platform::now_is.woken == 0);
    moved->waiting.notify(table);
    CHECK(fake_platform::now_is.woken == 1);
    sleep.wait(key);  // is over
    CHECK(fake_platform::now_is.waited == 0);
    fake_platform::begin();
  }
}

TEST_CASE("a barrier holds as many stages as there may be") {
  std::vector<lanes> all(barrier::most);
  barrier b;
  for (auto& l : all) l.advance(1, 3), b.add(l);
  CHECK(b.reached() == 3);
  all.back().advance(1, 2);
  CHECK(b.reached() == 2);
}
