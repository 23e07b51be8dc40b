// SPDX-License-Identifier: MIT
#include <millrace/sync/lanes.hpp>

#include <array>
#include <bit>
#include <thread>
#include <vector>

#include "support/catch.hpp"

namespace mr = millrace;
using lanes = mr::lanes<mr::std_platform>;

TEST_CASE("a serial stage has one lane, taken by one at a time") {
  lanes stage{1, 100};
  CHECK(stage.count() == 1);
  CHECK(stage.all() == 1);
  CHECK(stage.reached() == 100);
  CHECK(stage.held() == 0);
  CHECK(stage.take(1) == 1);
  CHECK(stage.held() == 1);
  CHECK(stage.take(1) == 0);
  stage.advance(1, 130);
  CHECK(stage.at(0) == 130);
  CHECK(stage.reached() == 130);
  stage.put(1);
  CHECK(stage.held() == 0);
  CHECK(stage.take(1) == 1);
  CHECK(stage.at(0) == 130);
}

TEST_CASE("a shared stage has 64 lanes, and take says which were free") {
  lanes stage{mr::most_lanes};
  CHECK(stage.all() == ~mr::lane_mask{0});
  CHECK(stage.take(0xF0) == 0xF0);
  CHECK(stage.take(0xFF) == 0x0F);
  CHECK(stage.take(0xFF) == 0);
  CHECK(stage.take(0) == 0);
  CHECK(stage.held() == 0xFF);
  stage.put(0x18);
  CHECK(stage.held() == 0xE7);
  CHECK(stage.take(~mr::lane_mask{0}) == ~mr::lane_mask{0xE7});
  stage.put(~mr::lane_mask{0});
  CHECK(stage.held() == 0);
}

TEST_CASE("a stage has reached what its last lane has") {
  lanes stage{mr::most_lanes, 10};
  CHECK(stage.reached() == 10);
  stage.advance(~mr::lane_mask{0} ^ (mr::lane_mask{1} << 63), 20);
  CHECK(stage.reached() == 10);
  stage.advance(mr::lane_mask{1} << 63, 15);
  CHECK(stage.reached() == 15);
  CHECK(stage.at(0) == 20);
  CHECK(stage.at(63) == 15);
  stage.advance(stage.all(), 20);
  CHECK(stage.reached() == 20);
}

TEST_CASE("lanes that a stage does not have do not hold it back") {
  lanes stage{2};
  CHECK(stage.all() == 3);
  stage.advance(3, 7);
  CHECK(stage.reached() == 7);
}

TEST_CASE("reached_past remembers who was last, and never says more than reached") {
  lanes stage{mr::most_lanes};
  std::size_t laggard = 0;
  stage.advance(stage.all() & ~(mr::lane_mask{1} << 5), 8);
  CHECK(stage.reached_past(0, laggard) == 0);  // lane 5 is last
  CHECK(laggard == 5);
  CHECK(stage.reached_past(0, laggard) == 0);
  CHECK(laggard == 5);
  stage.advance(mr::lane_mask{1} << 5, 4);
  CHECK(stage.reached_past(0, laggard) == 4);
  stage.advance(mr::lane_mask{1} << 5, 9);
  CHECK(stage.reached_past(4, laggard) == 8);
  CHECK(laggard != 5);
  CHECK(stage.at(laggard) == 8);
  lanes serial{1};
  laggard = 0;
  serial.advance(1, 3);
  CHECK(serial.reached_past(0, laggard) == 3);
  CHECK(laggard == 0);
}

TEST_CASE("lanes agree with a simple model, whatever is taken, put and moved") {
  lanes stage{mr::most_lanes};
  std::array<mr::sequence, mr::most_lanes> at{};
  mr::lane_mask held = 0;
  std::size_t laggard = 17;
  std::uint64_t random = 88172645463325252u;
  auto const next = [&] { return random ^= random << 13, random ^= random >> 7, random ^= random << 17; };
  mr::sequence seen = 0;
  for (int round = 0; round < 2'000; ++round) {
    auto const wanted = next();
    REQUIRE(stage.take(wanted) == (wanted & ~held));
    held |= wanted;
    auto const moved = next() & next() & held;
    for (std::size_t l = 0; l < at.size(); ++l)
      if ((moved >> l & 1) != 0) stage.advance(mr::lane_mask{1} << l, at[l] += static_cast<mr::sequence>(next() % 5));
    auto const put = next() & held;
    stage.put(put);
    held &= ~put;
    REQUIRE(stage.held() == held);
    auto least = at[0];
    for (auto const a : at) least = a < least ? a : least;
    REQUIRE(stage.reached() == least);
    auto const past = stage.reached_past(seen, laggard);
    if (least > seen) REQUIRE(past == least);
    else REQUIRE(past <= seen);  // not more than is true: somebody is at `seen` still
    seen = past > seen ? past : seen;
  }
}

TEST_CASE("a lane has one holder at a time, and its state moves with it") {
  constexpr int threads = 4, rounds = 4'000;
  auto const count = GENERATE(std::size_t{1}, std::size_t{3}, mr::most_lanes);
  lanes stage{count};
  std::vector<mr::sequence> state(count);  // plain memory: two holders at once, or a put that does not order, is a data race
  std::array<long, threads> taken{}, wrong{};
  std::vector<std::thread> workers;
  for (int t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      auto const me = static_cast<std::size_t>(t);
      std::uint64_t random = 0x9E3779B97F4A7C15u * (me + 1);
      for (int round = 0; round < rounds; ++round) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        auto const wanted = count == 1 ? mr::lane_mask{1} : random & stage.all();  // overlaps with what the others want
        auto const mine = stage.take(wanted);
        if ((mine & ~wanted) != 0) ++wrong[me];
        for (auto left = mine; left != 0; left &= left - 1) {
          auto const l = static_cast<std::size_t>(std::countr_zero(left));
          if (stage.at(l) != state[l]) ++wrong[me];
          stage.advance(mr::lane_mask{1} << l, ++state[l]);
          ++taken[me];
        }
        if (mine != 0) stage.put(mine);
        if (round % 64 == 0) std::this_thread::yield();
      }
    });
  for (auto& w : workers) w.join();
  mr::sequence total = 0, all_taken = 0;
  for (auto const s : state) total += s;
  for (std::size_t t = 0; t < threads; ++t) {
    all_taken += taken[t];
    CHECK(wrong[t] == 0);
  }
  CHECK(total == all_taken);
  CHECK(total > 0);
  CHECK(stage.held() == 0);
}

TEST_CASE("who writes different things writes to different lines") {
  static_assert(alignof(lanes) == mr::cache_line_size);
  static_assert(sizeof(lanes) == 2 * mr::cache_line_size + mr::most_lanes * sizeof(mr::sequence));
  SUCCEED();
}
