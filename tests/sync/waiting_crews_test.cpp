// SPDX-License-Identifier: MIT
#include <millrace/sync/waiting_crews.hpp>

#include <optional>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace {

using wait = millrace::waiting_crews<support::fake_platform>::wait;
int const crews[4] = {};
constexpr auto a = &crews[0], b = &crews[1], c = &crews[2], d = &crews[3];

}  // namespace

TEST_CASE("crews may wait for each other in a row, but nobody closes a circle") {
  wait const first{a, b}, second{b, c};
  CHECK(first);
  CHECK(second);
  CHECK(!wait{c, a});
  CHECK(!wait{c, b});
  CHECK(!wait{b, a});
  CHECK(wait{c, d});
  CHECK(wait{d, a});
  CHECK(!wait{a, a});
}

TEST_CASE("who has stopped waiting is in no circle, and each of several workers counts") {
  std::optional<wait> first, again;
  first.emplace(a, b);
  again.emplace(a, b);
  CHECK(!wait{b, a});
  first.reset();
  CHECK(!wait{b, a});
  again.reset();
  CHECK(wait{b, a});
}

TEST_CASE("who was refused is not taken for one who waits") {
  wait const first{a, b};
  wait const refused{b, a};
  CHECK(!refused);
  CHECK(wait{c, b});
  CHECK(wait{a, c});
}

TEST_CASE("a thread that is no worker may always wait") {
  wait const first{a, b}, outside{nullptr, a};
  CHECK(outside);
  CHECK(wait{nullptr, b});
  CHECK(!wait{b, a});
}
