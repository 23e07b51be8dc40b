// SPDX-License-Identifier: MIT
#include <millrace/run/snapshot.hpp>

#include <latch>
#include <optional>
#include <sstream>
#include <string>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("a snapshot counts events, and knows who runs what") {
  long sum = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<long>() | mr::change<"first">([](long& v) { ++v; }) | mr::filter<"second">([](long v) { return v % 2 == 0; }) | mr::tap<"third">([&](long v) { sum += v; }),
                 crew, {.capacity = 64, .plan = mr::groups{{"first"}, {"second", "third"}}}};
  auto in = run.input();
  for (long i = 0; i < 5'000; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  REQUIRE(run.flush() == mr::status::ok);
  auto const m = mr::snapshot(run);
  CHECK(m.elapsed_ns > 0);
  CHECK(m.events.capacity == 64);
  CHECK(m.events.published == 5'000);
  CHECK(m.events.done == 5'000);
  CHECK(m.events.depth == 0);
  CHECK(m.events.depth_max <= 64);
  CHECK(m.events.depth_mean <= 64);
  REQUIRE(m.stages.size() == 3);
  char const* const names[] = {"first", "second", "third"};
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(m.stages[s].name == names[s]);
    CHECK(m.stages[s].events == 5'000);
    CHECK(m.stages[s].batches > 0);
    CHECK(m.stages[s].batches <= 5'000);
    CHECK(m.stages[s].useful_ns > 0);
    CHECK(m.stages[s].worker == (s == 0 ? 0 : 1));
    CHECK(m.rate(m.stages[s]) > 0);
    CHECK(m.useful(m.stages[s]) + m.starved(m.stages[s]) + m.blocked(m.stages[s]) <= 1.000001);
  }
  REQUIRE(m.workers.size() == 2);
  CHECK(m.workers[0].stages == "first");
  CHECK(m.workers[1].stages == "second third");
  CHECK(m.workers[0].cpu == -1);

  std::ostringstream out;
  out << m;
  for (auto const* name : names) CHECK(out.str().find(name) != std::string::npos);
  CHECK(out.str().find("5000 published") != std::string::npos);
  CHECK(run.finish().ok());
}

TEST_CASE("a snapshot shows how deep the ring is while a handler is busy, and a blocked producer") {
  std::latch entered{1}, leave{1};
  mr::runner run{mr::from<int>() | mr::tap<"slow">([&](int v) {
                   if (v == 1) entered.count_down(), leave.wait();
                 }),
                 {.capacity = 8}};
  auto in = run.input();
  REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
  entered.wait();
  for (int i = 0; i < 7; ++i) REQUIRE(in.publish([](int& v) { v = 0; }) == mr::status::ok);
  CHECK(mr::snapshot(run).events.depth == 8);
  CHECK(in.publish_for(std::chrono::microseconds{10}, [](int& v) { v = 0; }) == mr::status::would_block);
  CHECK(mr::snapshot(run).events.blocked_ns > 0);
  leave.count_down();
  CHECK(run.finish().ok());
  CHECK(mr::snapshot(run).events.depth == 0);
}

TEST_CASE("two snapshots subtract to what happened between them") {
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {})};
  auto in = run.input();
  for (int i = 0; i < 10; ++i) REQUIRE(in.publish([](int& v) { v = 0; }) == mr::status::ok);
  REQUIRE(run.flush() == mr::status::ok);
  auto const before = mr::snapshot(run);
  for (int i = 0; i < 32; ++i) REQUIRE(in.publish([](int& v) { v = 0; }) == mr::status::ok);
  REQUIRE(run.flush() == mr::status::ok);
  auto const between = mr::snapshot(run) - before;
  CHECK(between.events.published == 32);
  CHECK(between.stages[0].events == 32);
  CHECK(between.elapsed_ns > 0);
  CHECK(run.finish().ok());
}

TEST_CASE("a pipeline with its own source has its source as a stage") {
  mr::runner run{mr::generate([n = 0]() mutable -> std::optional<int> { return n == 100 ? std::nullopt : std::optional{n++}; }) | mr::tap<"a">([](int) {})};
  CHECK(run.finish().ok());
  auto const m = mr::snapshot(run);
  REQUIRE(m.stages.size() == 2);
  CHECK(m.stages[0].name == "source");
  CHECK(m.stages[0].events == 100);
  CHECK(m.workers.at(0).stages == "source a");
}
