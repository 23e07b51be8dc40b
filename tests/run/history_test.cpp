// SPDX-License-Identifier: MIT
// The checker itself: each defect that it is there for is found.
#include "support/history.hpp"

#include "support/catch.hpp"

using support::history;

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
