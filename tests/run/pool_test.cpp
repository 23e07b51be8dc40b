// SPDX-License-Identifier: MIT
// Pools: a stage without state whose workers claim lanes, each for a moment.
#include <millrace/run/pool.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/history.hpp"

namespace mr = millrace;
using lanes = mr::lanes<mr::std_platform>;
constexpr mr::lane_mask every_lane = ~mr::lane_mask{0};

namespace {

constexpr mr::dealing dealt{};  // of a ring that is not small
auto bit(mr::sequence q) -> mr::lane_mask { return mr::lane_mask{1} << dealt.lane_of(q); }

/// What a lane stands at that has done everything below `q`.
void stand(lanes& stage, mr::sequence q) {
  for (std::size_t l = 0; l < 64; ++l) stage.advance(mr::lane_mask{1} << l, dealt.next_of_lane(l, q));
}
auto view(std::size_t others = 1, mr::sequence reached = 0) {
  mr::pool_view v;
  v.open(others, reached, dealt);
  return v;
}

}  // namespace

TEST_CASE("where a lane has its next event, and where its last one was") {
  mr::dealing const deal{GENERATE(mr::sequence{4096}, mr::sequence{128}, mr::sequence{8})};
  for (std::size_t l = 0; l < 64; ++l)
    for (mr::sequence q = 0; q < 2500; q += 7) {
      auto const next = deal.next_of_lane(l, q);
      CHECK(deal.lane_of(next) == l);
      CHECK(next >= q);
      CHECK(next < q + deal.lap() + deal.together());
      auto const behind = deal.behind_last_of_lane(l, q);
      CHECK(behind <= q);
      if (behind != 0) CHECK(deal.lane_of(behind - 1) == l);
      bool between = false;
      for (auto k = behind; k < next && k < q; ++k) between = between || deal.lane_of(k) == l;
      CHECK(!between);
    }
}

TEST_CASE("a claim is whole runs from the first that is not done, or a part of it") {
  lanes stage{64};
  stand(stage, 0);
  auto v = view();
  auto c = v.choose(stage, every_lane, 1000, 40);
  CHECK(std::array{c.from, c.to, c.events} == std::array<mr::sequence, 3>{0, 32, 32});
  CHECK(c.lanes == (bit(0) | bit(16)));
  c = v.choose(stage, every_lane, 1000, 5);
  CHECK(std::array{c.from, c.to, c.events} == std::array<mr::sequence, 3>{0, 5, 5});
  v.settle(stage, c, 5);
  CHECK(stage.reached() == 5);
  c = v.choose(stage, every_lane, 20, 40);
  CHECK(std::array{c.from, c.to, c.events} == std::array<mr::sequence, 3>{5, 20, 15});
  v.settle(stage, c, 18);  // a handler threw
  CHECK(stage.reached() == 18);
  v.settle(stage, v.choose(stage, every_lane, 20, 40), 20);
  CHECK(stage.reached() == 20);
  CHECK(v.choose(stage, every_lane, 20, 40).lanes == 0);
  CHECK(v.choose(stage, every_lane, 20, 40).lanes == 0);  // known by now
  CHECK(v.choose(stage, every_lane, 21, 40).from == 20);
}

TEST_CASE("a claim passes over what others have, and over what they have done") {
  lanes stage{64};
  stand(stage, 0);
  auto v = view();
  auto const first = v.choose(stage, every_lane, 1000, 16);
  REQUIRE(stage.take(first.lanes) == first.lanes);
  auto const second = v.choose(stage, every_lane, 1000, 16);
  CHECK(second.from == 16);
  v.settle(stage, second, second.to);
  CHECK(stage.reached() == 0);
  CHECK(v.choose(stage, every_lane, 1000, 16).from == 32);
  v.settle(stage, first, 7);
  stage.put(first.lanes);
  auto const rest = v.choose(stage, every_lane, 1000, 100);  // the run that somebody has begun, then others behind it
  CHECK(rest.from == 7);
  CHECK(rest.lanes == (bit(0) | bit(32) | bit(48) | bit(64) | bit(80) | bit(96)));
  v.settle(stage, rest, rest.to);
  CHECK(stage.reached() == rest.to);
}

TEST_CASE("a run that somebody has begun is never in the middle of a claim") {
  lanes stage{64};
  stand(stage, 0);
  stage.advance(bit(32), 40);
  auto v = view();
  auto const c = v.choose(stage, every_lane, 1000, 100);
  CHECK(c.to == 32);
  v.settle(stage, c, c.to);
  CHECK(v.choose(stage, every_lane, 1000, 100).from == 40);
}

TEST_CASE("what is chosen may have been run before it is taken") {
  lanes stage{64};
  stand(stage, 0);
  auto v = view();
  auto const wanted = v.choose(stage, every_lane, 1000, 64);
  v.settle(stage, {bit(0) | bit(32), 0, 48, 32}, 48);  // by somebody else
  auto const c = v.sure(stage, wanted, wanted.lanes & ~bit(48));
  CHECK(c.lanes == bit(16));
  CHECK(c.events == 16);
}

TEST_CASE("lanes that have nothing where they stand are moved on") {
  lanes stage{64};  // all at 0
  auto v = view();
  for (mr::sequence to = 16; stage.reached() < 16;) {
    auto const c = v.choose(stage, every_lane, to, 100);
    REQUIRE(c.lanes != 0);
    if (c.events == 0) v.move_on(stage, c.lanes);
    else v.settle(stage, c, c.to);
  }
  CHECK(stage.reached() == 16);
  CHECK(v.choose(stage, every_lane, 16, 100).lanes == 0);
}

TEST_CASE("a lane that stays behind holds up its own events only") {
  lanes stage{64};
  stand(stage, 0);
  auto v = view();
  REQUIRE(stage.take(bit(0)) == bit(0));
  mr::sequence done = 0;
  for (mr::pool_claim c; (c = v.choose(stage, ~bit(0), 10 * 1024, 512)).lanes != 0; done += c.events) v.settle(stage, c, c.to);
  CHECK(done == 10 * (1024 - 16));
  CHECK(stage.reached() == 0);
}

TEST_CASE("a share is half of what is there for each, but a run") {
  auto const v = view(1);
  CHECK(v.share(4000, 100) == 100);
  CHECK(v.share(400, 500) == 100);
  CHECK(v.share(40, 500) == 16);
  CHECK(v.share(0, 3) == 3);
}

// ---- whole runners
namespace {

mr::grouping const pool_plans[] = {
    mr::groups{{"work", "free"}, {"work", "free"}, {"work", "free", "last"}},
    mr::fused,
    mr::groups{{"work"}, {"work", "free"}, {"free", "last"}},
    mr::groups{{"free", "last"}, {"work"}},
    mr::groups{{"last", "work"}, {"work"}, {"work"}, {"free"}},
};
/// The first workers have parts of the lanes, the others want all.
auto mixed_plan() -> mr::plan {
  mr::plan p{4, 3};
  p.give(0, 0, 0xFFFF), p.give(1, 0, ~std::uint64_t{0xFFFF}), p.give(2, 0, every_lane), p.give(0, 1, every_lane), p.give(3, 1, 0xF0F0), p.give(3, 2, 1);
  return p;
}

}  // namespace

TEST_CASE("who has time takes what is there: an event that waits for all others keeps back only the run it is in") {
  constexpr int n = 1000;
  std::atomic<int> others{0};
  std::vector<int> seen;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::map<"work">(
                                       [&](int i) {
                                         if (i == 0) while (others < n - 16) std::this_thread::yield();
                                         if (i >= 16) ++others;
                                         return i;
                                       },
                                       mr::stateless) |
                     mr::tap<"last">([&](int i) { seen.push_back(i); }),
                 crew, {.capacity = 1024, .plan = mr::groups{{"work", "last"}, {"work"}}}};
  auto in = run.input();
  for (int i = 0; i < n; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  REQUIRE(seen.size() == n);
  for (int i = 0; i < n; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("in a small ring neighbours run at once: large events need no large ring") {
  std::atomic<int> here{0};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"work">([&](int) {
                   ++here;
                   while (here < 3) std::this_thread::yield();  // until all three are at work
                 }, mr::stateless),
                 crew, {.capacity = 4, .plan = mr::groups{{"work"}, {"work"}, {"work"}}, .batch = 1}};
  auto in = run.input();
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  CHECK(run.finish().done == 3);
}

TEST_CASE("a pool under changing plans: each event once, results in the ring's order") {
  for (std::size_t const slots : {1u, 16u, 64u, 1024u, 8192u}) {
    CAPTURE(slots);
    constexpr int n = 30'000;
    std::vector<std::atomic<int>> times(n);
    support::history seen{1, n};
    mr::workers crew{{.max = 4, .place = {.pin = false}}};
    mr::runner run{mr::from<int>() | mr::map<"work">([&](int i) { return ++times[static_cast<std::size_t>(i)], std::uint64_t{3} * static_cast<std::uint64_t>(i); }, mr::stateless) |
                       mr::map<"free">([](std::uint64_t v) { return v + 1; }, mr::stateless) |
                       mr::tap<"last">([&](int i, std::uint64_t v) { seen.pass(0, static_cast<std::size_t>(i), v); }, mr::takes<"event", "free">),
                   crew, {.capacity = slots, .plan = pool_plans[0]}};
    auto in = run.input();
    for (int i = 0; i < n; ++i) {
      REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
      if (i % 300 == 0) REQUIRE(run.apply(i % 1800 == 0 ? mixed_plan() : pool_plans[static_cast<std::size_t>(i / 300 % 5)]) == mr::status::ok);
      if (i % 1000 == 0) REQUIRE(run.flush() == mr::status::ok);
    }
    CHECK(run.finish().done == n);
    CHECK(seen.wrong_after(n).empty());
    for (auto& t : times) CHECK(t == 1);
  }
}

TEST_CASE("a pool behind many producers, lanes of producers, and an own source") {
  constexpr int each = 5'000;
  auto const drive = [&](auto way) {
    std::atomic<long> sum{0};
    long last = 0;
    mr::workers crew{{.max = 3, .place = {.pin = false}}};
    mr::runner run{mr::from<int>(way) | mr::map<"work">([&](int i) { return sum += i, i; }, mr::stateless) | mr::tap<"last">([&](int i) { last += i; }), crew,
                   {.capacity = 256, .plan = [] {
                      if constexpr (std::is_same_v<decltype(way), decltype(mr::lane_per_producer(3))>) return mr::groups{{"source", "work"}, {"work", "last"}, {"work"}};
                      else return mr::groups{{"work"}, {"work", "last"}, {"work"}};
                    }()}};
    std::vector<std::thread> producers;
    for (int p = 0; p < 3; ++p)
      producers.emplace_back([in = run.input()]() mutable {
        for (int i = 0; i < each; ++i)
          if (in.publish([&](int& e) { e = i; }) != mr::status::ok) return;
      });
    for (auto& p : producers) p.join();
    CHECK(run.finish().done == 3 * each);
    CHECK(sum == 3L * each * (each - 1) / 2);
    CHECK(last == sum);
  };
  drive(mr::many_producers);
  drive(mr::lane_per_producer(3));
  int next = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::generate([i = 0]() mutable { return i == each ? std::optional<int>{} : std::optional{i++}; }) | mr::map<"work">([](int i) { return i + 1; }, mr::stateless) |
                     mr::tap<"last">([&](int i) { next = i == next + 1 ? i : -1'000'000; }),
                 crew, {.capacity = 64, .plan = mr::groups{{"source", "work", "last"}, {"work"}}}};
  CHECK(run.finish().ok());
  CHECK(next == each);
}

TEST_CASE("a pool that comes to rest wakes for each event, and an end finds it asleep") {
  std::atomic<int> done{0};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"work">([&](int) { ++done; }, mr::stateless), crew, {.capacity = 16, .plan = mr::groups{{"work"}, {"work"}, {"work"}}, .wait = mr::blocking}};
  auto in = run.input();
  for (int i = 0; i < 500; ++i) {
    REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
    REQUIRE(run.flush() == mr::status::ok);
    CHECK(done == i + 1);
  }
  CHECK(run.finish().done == 500);
}

TEST_CASE("events that fail in a pool are skipped and counted; one that stops all stops all, and is not run again") {
  std::atomic<int> ran{0}, thrown{0};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"skips">([](int i) { if (i % 10 == 4) throw 4; }, mr::stateless, mr::on_error(mr::skip)) |
                     mr::tap<"stops">([&](int i) { if (i == 7777) ++thrown, throw std::runtime_error{"7777"}; else ++ran; }, mr::stateless),
                 crew, {.capacity = 128, .plan = mr::groups{{"skips", "stops"}, {"skips", "stops"}, {"stops", "skips"}}}};
  auto in = run.input();
  auto s = mr::status::ok;
  for (int i = 0; s == mr::status::ok; ++i) s = in.publish([&](int& e) { e = i; });
  auto const report = run.finish();
  CHECK(report.failed_stage == "stops");
  CHECK(report.failed_at == 7777);
  CHECK(report.done <= 7777);
  CHECK(thrown == 1);
}

TEST_CASE("who looks on behind a pool sees all that is published from then on") {
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::map<"work">([](int i) { return i + 1; }, mr::stateless) | mr::map<"free">([](int i) { return i + 1; }, mr::stateless) | mr::tap<"last">([](int) {}), crew,
                 {.capacity = 2048, .plan = mr::groups{{"work", "free"}, {"work", "free", "last"}}}};
  auto in = run.input();
  int next = 0;
  auto const publish = [&](int n) {
    for (int i = 0; i < n; ++i) REQUIRE(in.publish([&](int& e) { e = next++; }) == mr::status::ok);
  };
  for (int round = 0; round < 20; ++round) {
    publish(37 * round);
    REQUIRE(run.flush() == mr::status::ok);
    std::vector<int> seen;
    auto const from = next;
    auto spy = run.attach(mr::after<"work"> | mr::tap<"spy">([&](int v) { seen.push_back(v); }), mr::now);
    publish(100);
    REQUIRE(run.flush() == mr::status::ok);
    spy.detach();
    REQUIRE(seen.size() == 100);
    for (int i = 0; i < 100; ++i) CHECK(seen[static_cast<std::size_t>(i)] == from + i + 1);
  }
  CHECK(run.finish().ok());
}

TEST_CASE("how many workers a stage has: plans keep to it, or are refused") {
  mr::workers crew{{.max = 4, .place = {.pin = false}}};
  std::atomic<int> done{0};
  mr::runner run{mr::from<int>() | mr::tap<"pool">([&](int) { ++done; }, mr::stateless, mr::degree<2, 3>) | mr::tap<"last">([](int) {}), crew, {.plan = mr::fused}};
  CHECK(run.current_plan().workers_of(0) == 2);
  REQUIRE(run.apply(mr::spread) == mr::status::ok);
  CHECK(run.current_plan().workers_of(0) == 3);
  CHECK_THROWS_WITH(run.apply(mr::groups{{"pool", "last"}}), "millrace: stage pool is to have at least 2 workers, and the plan gives it 1");
  auto in = run.input();
  for (int i = 0; i < 1000; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  CHECK(run.finish().done == 1000);
  CHECK(done == 1000);
}

TEST_CASE("a row of pools is one loop: who throws in it is named, and what stands before him has done the event") {
  std::atomic<int> first{0}, second{0}, third{0};
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::map<"first">([&](int i) { return ++first, i; }, mr::stateless) | mr::filter<"second">([&](int i) { return ++second, i % 2 == 0; }, mr::stateless) |
                     mr::tap<"third">([&](int i) { if (i == 500) throw std::runtime_error{"500"}; else ++third; }, mr::stateless),
                 crew, {.capacity = 1024, .plan = mr::groups{{"first", "second", "third"}, {"first", "second", "third"}}, .paused = true}};
  auto in = run.input();
  for (int i = 0; i < 500; ++i) REQUIRE(in.publish([&](int& e) { e = i; }) == mr::status::ok);
  run.start();
  REQUIRE(run.flush() == mr::status::ok);
  CHECK(first == 500);
  CHECK(second == 500);
  CHECK(third == 250);
  REQUIRE(in.publish([](int& e) { e = 500; }) == mr::status::ok);
  auto const report = run.finish();
  CHECK(report.failed_stage == "third");
  CHECK(report.failed_at == 500);
  CHECK(report.done == 500);
  CHECK(first == 501);
  CHECK(second == 501);
}

TEST_CASE("several workers may want an own source, as they may want any stage that one runs: one of them gets it") {
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::plan both{2, 2};
  both.give(0, 0, 1), both.give(1, 0, 1), both.give(0, 1, every_lane), both.give(1, 1, every_lane);
  std::atomic<int> sum{0};
  mr::runner run{mr::generate([i = 0]() mutable { return i == 1000 ? std::optional<int>{} : std::optional{i++}; }) | mr::tap<"work">([&](int) { ++sum; }, mr::stateless), crew, {.capacity = 64, .plan = both}};
  CHECK(run.finish().done == 1000);
  CHECK(sum == 1000);
}
