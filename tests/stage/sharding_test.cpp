// SPDX-License-Identifier: MIT
#include <millrace/stage/sharding.hpp>

#include <array>
#include <string>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("runs of neighbours go to all lanes in turn, and runs that follow each other to different halves") {
  auto const slots = GENERATE(mr::sequence{4096}, mr::sequence{256}, mr::sequence{8});
  mr::dealing const dealt{slots};
  std::array<int, mr::lane_count> seen{};
  for (mr::sequence run = 0; run < 64; ++run) {
    auto const lane = dealt.lane_of(run * dealt.together());
    ++seen[lane];
    CHECK(dealt.lane_of(run * dealt.together() + dealt.together() - 1) == lane);
    CHECK((lane < 32) == (run % 2 == 0));
    CHECK(lane / 16 == (run % 4 == 0 ? 0u : run % 4 == 1 ? 2u : run % 4 == 2 ? 1u : 3u));
  }
  for (int const n : seen) CHECK(n == 1);
  CHECK(dealt.lane_of(dealt.lap()) == dealt.lane_of(0));
}

TEST_CASE("a small ring has runs for as many workers as it has slots, up to the number of lanes") {
  for (mr::sequence const slots : {1, 2, 64}) CHECK(mr::dealing{slots}.together() == 1);
  CHECK(mr::dealing{128}.together() == 2);
  CHECK(mr::dealing{512}.together() == 8);
  for (mr::sequence const slots : {1024, 4096, 1 << 20}) CHECK(mr::dealing{slots}.together() == 16);
}

TEST_CASE("keys are spread over the lanes, also if they differ in few bits") {
  for (int shift : {0, 8, 20}) {
    std::array<int, mr::lane_count> seen{};
    for (int k = 0; k < 6400; ++k) ++seen[mr::lane_of_key(std::int64_t{k} << shift)];
    for (int const n : seen) {
      CHECK(n > 50);
      CHECK(n < 150);
    }
  }
  std::array<int, mr::lane_count> seen{};
  for (int k = 0; k < 6400; ++k) ++seen[mr::lane_of_key(std::to_string(k))];
  for (int const n : seen) CHECK(n > 50);
}

TEST_CASE("a handler with state is copied for each lane, one without is not") {
  struct counter {
    int n = 7;
  };
  mr::clones<counter> many{counter{}};
  many.multiply();
  many[3].n = 1;
  CHECK(many[4].n == 7);
  CHECK(many[3 + 64].n == 1);
  struct nothing_in_it {};
  STATIC_REQUIRE(mr::clones<nothing_in_it>::count == 1);
  STATIC_REQUIRE(mr::clones<counter>::count == 64);
}
