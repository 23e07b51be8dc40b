// SPDX-License-Identifier: MIT
// The checker itself: each defect that it is there for is found.
#include "support/history.hpp"

#include <cstdint>
#include <thread>

#include "support/catch.hpp"
#include "support/long_history.hpp"

using support::history;
using support::long_history;

namespace {

/// Two stages, one behind the other, and what their handlers have counted.
struct long_run {
  long_history h{2, 4};
  std::uint64_t seen[2] = {};
  long_run() { h.comes_after(1, 0b01); }
  void pass(std::size_t stage, std::uint64_t number, std::uint64_t value) {
    long_history::visit const v{h, stage};
    h.pass(stage, number, value, seen[stage]);
  }
  void pass_all(std::uint64_t from, std::uint64_t to) {
    for (auto n = from; n < to; ++n) pass(0, n, n), pass(1, n, 2 * n);
  }
};

}  // namespace

TEST_CASE("a history that is right has nothing to say") {
  history h{2, 3};
  for (std::size_t i = 0; i < 3; ++i) h.pass(0, i, i), h.pass(1, i, i);
  CHECK(h.wrong_after(3).empty());
  CHECK(h.digest(0) == h.digest(1));
}

TEST_CASE("a history finds what is wrong") {
  history h{2, 3};
  SECTION("repeated") { h.pass(0, 0, 0), h.pass(0, 0, 0); }
  SECTION("reordered") { h.pass(0, 1, 1), h.pass(0, 0, 0); }
  SECTION("not upstream first") { h.pass(1, 0, 0); }
  SECTION("invented") { h.pass(0, 3, 3); }
  CHECK(!h.wrong().empty());
}

TEST_CASE("a history finds what is lost") {
  history h{1, 3};
  h.pass(0, 0, 0), h.pass(0, 2, 2);
  CHECK(h.wrong().empty());
  CHECK(!h.wrong_after(3).empty());
}

TEST_CASE("a digest depends on values and their order") {
  history a{1, 2}, b{1, 2}, c{1, 2};
  a.pass(0, 0, 1), a.pass(0, 1, 2);
  b.pass(0, 0, 2), b.pass(0, 1, 1);
  c.pass(0, 0, 1), c.pass(0, 1, 3);
  CHECK(a.digest(0) != b.digest(0));
  CHECK(a.digest(0) != c.digest(0));
}

TEST_CASE("a long history that is right has nothing to say, also when its window was used many times") {
  long_run a, b;
  a.pass_all(0, 100), b.pass_all(0, 100);
  CHECK(a.h.differs_from(b.h) == "");
  CHECK(a.h.count(1) == 100);
  CHECK(a.h.hand_overs() == 0);
}

TEST_CASE("a long history finds what is wrong") {
  long_run a, b;
  a.pass_all(0, 10), b.pass_all(0, 11);
  b.h.ends_at(0, 11), b.h.ends_at(1, 11);
  std::uint64_t other_handler = 0;
  SECTION("repeated") { a.pass(0, 9, 9); }
  SECTION("reordered") { a.pass(0, 11, 11), a.pass(0, 10, 10); }
  SECTION("not upstream first") { a.pass(1, 10, 20); }
  SECTION("a slot used again before a later stage had it") { a.pass(0, 10, 10), a.pass(0, 14, 14), a.pass(1, 10, 20); }
  SECTION("lost at the end") { a.pass(0, 10, 10); }
  SECTION("lost in the middle") { a.pass(0, 11, 11), a.pass(1, 11, 22); }
  SECTION("another value") { a.pass(0, 10, 10), a.pass(1, 10, 21); }
  SECTION("a handler without its state") { a.h.pass(0, 10, 10, other_handler), a.pass(1, 10, 20); }
  SECTION("two owners at once") { a.h.enter(0), a.pass(0, 10, 10), a.pass(1, 10, 20); }
  SECTION("taken from its owner") {
    a.h.enter(0);
    std::thread{[&] { a.h.leave(0); }}.join();
    a.pass(0, 10, 10), a.pass(1, 10, 20);
  }
  SECTION("never left") { a.pass(0, 10, 10), a.pass(1, 10, 20), a.h.enter(1); }
  SECTION("started late") { a.pass(0, 10, 10), a.pass(1, 10, 20), a.h.starts(0), a.h.stops(0); }
  SECTION("started twice") { a.pass(0, 10, 10), a.pass(1, 10, 20), a.h.starts(0), a.h.starts(0), a.h.stops(0); }
  SECTION("stopped and never started") { a.pass(0, 10, 10), a.pass(1, 10, 20), a.h.stops(0); }
  CHECK(a.h.differs_from(b.h) != "");
}

TEST_CASE("a long history finds hooks that come at the wrong time") {
  long_run a, b;
  a.h.starts(0), b.h.starts(0);
  a.pass_all(0, 3), b.pass_all(0, 3);
  b.h.stops(0);
  SECTION("never stopped") {}
  SECTION("stopped twice") { a.h.stops(0), a.h.stops(0); }
  SECTION("an event after the stop") { a.h.stops(0), a.pass(0, 3, 3); }
  CHECK(a.h.differs_from(b.h) != "");
}

TEST_CASE("a sequential run counts only what the other one has done, and hand-overs are counted") {
  long_run a, b;
  a.pass_all(0, 5);
  std::thread{[&] { a.pass(0, 5, 5), a.pass(0, 6, 6); }}.join();
  b.h.ends_at(0, 7), b.h.ends_at(1, 5);
  b.pass_all(0, 20);
  CHECK(a.h.differs_from(b.h) == "");
  CHECK(a.h.hand_overs() == 1);
}
