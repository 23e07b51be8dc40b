// SPDX-License-Identifier: MIT
#include <millrace/plan/cost_model.hpp>

#include <millrace/plan/planner.hpp>

#include "support/catch.hpp"

using namespace millrace::scheduling;

namespace {

/// A source, a stage of `work` nanoseconds and a fold that needs the order, on two workers: how many of them run the stage.
auto degree(stage_model stage, double round_trip_ns) -> std::size_t {
  stage_models const s{{.work = 2}, stage, {.work = 2}};
  machine_model m;
  m.able.assign(2, 1.0);
  m.near = m.far = hand_over_at(round_trip_ns, 512, 16);
  return degree_of(planner{s, m, 2}.best_on(2).p, 1);
}
auto keyed(double work, double round_trip_ns) -> std::size_t { return degree({.work = work, .dealt = dealing::by_key}, round_trip_ns); }
auto pool(double work, double round_trip_ns) -> std::size_t { return degree({.work = work, .dealt = dealing::by_place, .levels = true}, round_trip_ns); }
/// From which work on it is two.
template <typename Degree>
auto crossing(Degree degree, double round_trip_ns) -> double {
  double work = 1;
  while (degree(work, round_trip_ns) == 1) work *= 1.02;
  return work;
}

}  // namespace

// What two workers are measured to gain and lose: bench/README.md, "From which cost on".
TEST_CASE("near, a keyed stage is shared from about 40 ns on, not below") {
  CHECK(keyed(5, 138) == 1);
  CHECK(keyed(20, 138) == 1);
  CHECK(keyed(50, 138) == 2);
  CHECK(keyed(500, 138) == 2);
  auto const at = crossing(keyed, 138);
  CHECK((at > 30 && at < 50));
}

TEST_CASE("near, a stage without state is shared from about 10 ns on, not below") {
  CHECK(pool(5, 138) == 1);
  CHECK(pool(20, 138) == 2);
  CHECK(pool(100, 138) == 2);
  auto const at = crossing(pool, 138);
  CHECK((at > 7 && at < 20));
}

TEST_CASE("far, sharing costs as many times as much as a line takes longer") {
  CHECK(keyed(60, 435) == 1);
  CHECK(keyed(200, 435) == 2);
  CHECK(pool(20, 435) == 1);
  CHECK(pool(70, 435) == 2);
  CHECK(crossing(keyed, 435) > 2.5 * crossing(keyed, 138));
}

TEST_CASE("what claims pay is a part of what lanes pay, hops are the same") {
  constexpr auto near = hand_over_at(100, 64);
  STATIC_REQUIRE(near.share_of(false) == near.share);
  STATIC_REQUIRE(near.share_of(true) < near.share / 3);
}
