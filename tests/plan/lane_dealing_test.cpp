// SPDX-License-Identifier: MIT
#include <millrace/plan/lane_dealing.hpp>

#include "support/catch.hpp"

using namespace millrace::scheduling;

TEST_CASE("even lanes are dealt beside each other, all of them, each once") {
  auto const m = deal_lanes({0.5, 0.25, 0.25}, {});
  REQUIRE(m.size() == 3);
  CHECK(m[0] == 0xffffffffU);
  CHECK((m[0] ^ m[1] ^ m[2]) == ~std::uint64_t{0});
  CHECK(std::popcount(m[1]) == 16);
}

TEST_CASE("uneven lanes are dealt by their load") {
  std::vector<double> load(64, 0.01);
  load[3] = 0.37;
  auto const m = deal_lanes({0.5, 0.5}, load);
  REQUIRE(m.size() == 2);
  CHECK((m[0] ^ m[1]) == ~std::uint64_t{0});
  auto const with = (m[0] >> 3 & 1) != 0 ? m[0] : m[1];
  CHECK(std::popcount(with) < 20);
}

TEST_CASE("what would get nothing is refused") {
  CHECK(deal_lanes(std::vector<double>(65, 1.0 / 65), {}).empty());
  CHECK(deal_lanes({1.0, 0.0}, {}).empty());
}
