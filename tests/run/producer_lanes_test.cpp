// SPDX-License-Identifier: MIT
// Whole pipelines whose producers keep a lane each.
#include <millrace/run/producer_lanes.hpp>

#include <array>
#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/witness.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;
using mr::status;
using support::witness;
using support::word;

TEST_CASE("lanes: one to four producers, plans that change, each one's order is kept and all stages see one order") {
  auto const producers = GENERATE(1U, 2U, 4U);
  auto const capacity = GENERATE(std::size_t{1}, 8, 256);
  auto const lane_slots = GENERATE(std::size_t{0}, 2, 64);
  CAPTURE(producers, capacity, lane_slots);
  constexpr std::uint64_t each = 2'000;
  std::array<witness, 4> seen;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<word>(mr::lane_per_producer(producers, lane_slots))                        //
                     | mr::change<"a">([&](word& w) { seen[0](w); })                                 //
                     | mr::filter<"b">([&](word const& w) { return seen[1](w), true; })              //
                     | mr::map<"c">([&](word const& w) { return seen[2](w), w; })                    //
                     | mr::tap<"d">([&](word const& w) { seen[3](w); }),
                 crew, {.capacity = capacity, .batch = 16}};
  std::vector<std::thread> threads;
  for (auto t = 0U; t < producers; ++t)
    threads.emplace_back([t, in = run.input()]() mutable {
      for (std::uint64_t i = 0; i < each;) {
        if (i % 3 == 0) {
          auto const got = in.publish_up_to(each - i < 5 ? each - i : 5, [&](word& w, std::size_t k) { w = {t, i + k}; });
          if (got.what != status::ok) return;
          i += got.count;
        } else if (i % 3 == 1) {
          auto c = in.claim(1);
          c[0] = {t, i};
          if (c.publish() != status::ok) return;
          ++i;
        } else {
          if (in.publish([&](word& w) { w = {t, i}; }) != status::ok) return;
          ++i;
        }
      }
    });
  std::atomic<bool> over{false};
  std::thread changer{[&] {
    mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"source", "a"}, {"b", "c"}, {"d"}}, mr::groups{{"source"}, {"a", "b", "c", "d"}}};
    for (std::size_t k = 0; !over; ++k) {
      static_cast<void>(run.apply(plans[k % 4]));
      std::this_thread::sleep_for(200us);
    }
  }};
  for (auto& t : threads) t.join();
  CHECK(run.flush() == status::ok);
  auto const all = static_cast<std::int64_t>(each * producers);
  CHECK(mr::snapshot(run).events.done == all);
  over = true;
  changer.join();
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == all);
  for (auto const& w : seen) {
    CHECK(w.in_order);
    CHECK(w.count == each * producers);
    CHECK(w.digest == seen[0].digest);
  }
}

TEST_CASE("lanes: a handle for each, and a lane that is given back can be had again") {
  long sum = 0;
  mr::runner run{mr::from<long>(mr::lane_per_producer(2)) | mr::tap<"sum">([&](long v) { sum += v; })};
  {
    auto a = run.input();
    auto b = run.input();
    CHECK_THROWS_AS(run.input(), mr::bad_call);
    REQUIRE(b.publish([](long& v) { v = 1; }) == status::ok);
  }
  auto again = run.input();
  auto other = run.input();
  REQUIRE(again.publish([](long& v) { v = 10; }) == status::ok);
  REQUIRE(other.publish(3, [](long& v, std::size_t) { v = 100; }) == status::ok);
  CHECK(run.flush() == status::ok);
  CHECK(sum == 311);
  CHECK(run.finish().published == 5);
  CHECK(again.publish([](long& v) { v = 1; }) == status::closed);
  CHECK(other.closed());
}

TEST_CASE("lanes: what was published before a flush has passed, whoever goes on publishing") {
  std::atomic<long> seen{0};
  mr::runner run{mr::from<long>(mr::lane_per_producer(2)) | mr::tap<"see">([&](long v) { seen += v; }), {.capacity = 8}};
  std::atomic<bool> over{false};
  std::thread other{[&, in = run.input()]() mutable {
    while (!over && in.publish([](long& v) { v = 0; }) == status::ok) {}
  }};
  auto in = run.input();
  for (long i = 1; i <= 50; ++i) {
    REQUIRE(in.publish([](long& v) { v = 1; }) == status::ok);
    REQUIRE(run.flush() == status::ok);
    REQUIRE(seen == i);
  }
  over = true;
  other.join();
  CHECK(run.finish().ok());
}

TEST_CASE("lanes: finish and stop while producers publish") {
  auto const round = GENERATE(range(0, 10));
  std::array<std::uint64_t, 3> accepted{};
  std::array<std::uint64_t, 8> seen{};
  mr::runner run{mr::from<word>(mr::lane_per_producer(3)) | mr::tap<"a">([](word const&) {}) | mr::tap<"see">([&](word const& w) { ++seen[w.who]; }),
                 {.capacity = 16, .plan = round % 2 == 0 ? mr::fused : mr::spread}};
  std::latch started{4};
  std::vector<std::thread> threads;
  for (auto t = 0U; t < 3; ++t)
    threads.emplace_back([&, t, in = run.input()]() mutable {
      started.arrive_and_wait();
      while (in.publish(1 + t, [&](word& w, std::size_t) { w.who = t; }) == status::ok) accepted[t] += 1 + t;
    });
  started.arrive_and_wait();
  std::this_thread::sleep_for(std::chrono::microseconds{50 * round});
  bool const stops = round % 3 == 2;
  if (stops) run.stop();
  auto const report = run.finish();
  for (auto& t : threads) t.join();
  CHECK(static_cast<std::uint64_t>(report.published) == accepted[0] + accepted[1] + accepted[2]);
  CHECK(report.done + report.left == report.published);
  if (stops) return;
  CHECK(report.ok());
  for (auto t = 0U; t < 3; ++t) CHECK(seen[t] == accepted[t]);
}

TEST_CASE("lanes: move-only events, made once and destroyed once, fused and split") {
  auto const plan = GENERATE(0, 1);
  std::vector<int> got;
  mr::runner owners{mr::from<std::unique_ptr<int>>(mr::lane_per_producer(1)) | mr::tap<"see">([&](std::unique_ptr<int> const& p) { got.push_back(*p); }),
                    {.capacity = 4, .plan = plan == 0 ? mr::fused : mr::spread}};
  {
    auto in = owners.input();
    for (int i = 0; i < 20; ++i) REQUIRE(in.publish([&](std::unique_ptr<int>& p) { p = std::make_unique<int>(i); }) == status::ok);
  }
  CHECK(owners.finish().ok());
  CHECK(got.size() == 20);
  CHECK(got.back() == 19);
  support::counted::begin();
  {
    int sum = 0;
    mr::workers crew{{.max = 2, .place = {.pin = false}}};
    mr::runner run{mr::from<support::counted>(mr::lane_per_producer(2)) | mr::tap<"sum">([&](support::counted const& c) { sum += c.value; }),
                   crew, {.capacity = 4, .plan = mr::fused, .paused = true}};
    auto in = run.input();
    REQUIRE(in.publish(4, [](support::counted& c, std::size_t i) { c.value = static_cast<int>(i); }) == status::ok);
    CHECK_THROWS_AS(run.input().publish([](support::counted&) { throw 1; }), int);
    CHECK(run.finish().published == 4);
    CHECK(sum == 6);
  }
  CHECK(support::counted::alive() == 0);
  CHECK(support::counted::wrong == 0);
}

TEST_CASE("lanes: a handler that throws ends all, and blocked producers learn it") {
  mr::runner run{mr::from<long>(mr::lane_per_producer(2, 2)) | mr::tap<"a">([](long v) {
                   if (v == 100) throw std::runtime_error{"hundred"};
                 }),
                 {.capacity = 2}};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([in = run.input()]() mutable {
      for (long i = 0; in.publish([&](long& v) { v = i; }) == status::ok; ++i) {}
    });
  for (auto& t : threads) t.join();
  auto const report = run.finish();
  CHECK(report.failed_stage == "a");
  CHECK(report.error != nullptr);
  CHECK(report.left == report.published - report.done);
}

TEST_CASE("lanes: refusals and full rings in every form") {
  long sum = 0;
  mr::runner run{mr::from<long>(mr::lane_per_producer(2)) | mr::tap<"sum">([&](long v) { sum += v; }), {.capacity = 4, .paused = true}};
  auto in = run.input();
  auto other = run.input();
  auto const each = [](long& v, std::size_t) { v = 1; };
  for (std::size_t const n : {std::size_t{0}, std::size_t{5}, SIZE_MAX, SIZE_MAX / 2}) {
    CHECK(in.publish(n, each) == status::refused);
    CHECK(in.try_publish(n, each) == status::refused);
    CHECK(in.publish_for(1h, n, each) == status::refused);
    CHECK(in.claim(n).what() == status::refused);
  }
  CHECK(in.publish_up_to(0, each).what == status::refused);
  CHECK(in.publish_up_to(9, each).count == 4);
  CHECK(in.publish([](long& v) { v = 1; }) == status::would_block);  // paused: it would wait for itself
  CHECK(in.try_publish([](long& v) { v = 1; }) == status::would_block);
  CHECK(in.publish_for(1ms, 2, each) == status::would_block);
  CHECK(in.try_publish_up_to(2, each).what == status::would_block);
  CHECK(in.try_claim(1).what() == status::would_block);
  CHECK(in.claim_for(1ms, 1).what() == status::would_block);
  CHECK(other.try_publish(2, each) == status::ok);  // a lane of its own
  { auto const given_up = other.claim(1); }
  run.start();
  auto claim = in.claim(3);
  CHECK(claim.size() == 3);
  for (auto& v : claim) v = 10;
  CHECK(claim.publish() == status::ok);
  CHECK(claim.publish() == status::ok);  // once only
  CHECK(run.finish().published == 9);
  CHECK(sum == 36);
}
