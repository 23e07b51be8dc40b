// SPDX-License-Identifier: MIT
#include <millrace/run/latency_histogram.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;

TEST_CASE("buckets follow each other without a gap, and are at most a 64th wide") {
  std::int64_t next = 0;
  for (std::size_t b = 0; b < mr::latencies::buckets; ++b) {
    auto const top = mr::latencies::top_of(b);
    REQUIRE(top >= next);
    REQUIRE(mr::latencies::bucket_of(next) == b);
    REQUIRE(mr::latencies::bucket_of(top) == b);
    REQUIRE(top - next <= next / 64);
    if (b + 1 == mr::latencies::buckets) REQUIRE(top == INT64_MAX);
    else next = top + 1;
  }
  CHECK(mr::latencies::bucket_of(-1) == 0);
}

TEST_CASE("percentiles are those of the sorted values, exact below 128 ns and never too low above") {
  mr::latencies few;
  CHECK(few.percentile(99) == 0);
  for (int ns = 1; ns <= 100; ++ns) few.add(ns);
  CHECK(few.count() == 100);
  CHECK(few.percentile(0) == 1);
  CHECK(few.percentile(1) == 1);
  CHECK(few.percentile(1.01) == 2);
  CHECK(few.percentile(50) == 50);
  CHECK(few.percentile(99) == 99);
  CHECK(few.percentile(99.1) == 100);
  CHECK(few.percentile(100) == 100);

  mr::latencies many;
  many.add(100, 998), many.add(1'000'000), many.add(1'000'000'000);
  CHECK(many.percentile(99.8) == 100);
  CHECK(many.percentile(99.9) == 123 * 8192 - 1);
  CHECK(many.percentile(100) == 120 * 8388608 - 1);
}

TEST_CASE("latencies add up, and subtract to what came between two readings") {
  mr::latency_histogram h;
  h.add(5), h.add(7);
  auto const before = h.read();
  h.add(7), h.add(90);
  auto const between = h.read() - before;
  CHECK(between.count() == 2);
  CHECK(between.percentile(50) == 7);
  CHECK(between.percentile(100) == 90);
  auto all = before;
  all += between;
  CHECK(all.count() == 4);
  CHECK(all.percentile(25) == 5);
  CHECK(all.percentile(75) == 7);
}

TEST_CASE("a probe counts from the time in the event to now, one event of so many") {
  struct event {
    std::int64_t at;
    std::chrono::steady_clock::time_point due;
  };
  using histogram = mr::basic_latency_histogram<support::fake_platform>;
  support::fake_platform::begin();
  histogram h, sparse, points;
  auto each = h.since(&event::at);
  auto third = sparse.since(&event::at, 3);
  auto point = points.since(&event::due);
  for (int i = 1; i <= 7; ++i) {
    event const e{support::fake_platform::now() - i, std::chrono::steady_clock::time_point{std::chrono::nanoseconds{support::fake_platform::now() - 2 * i}}};
    each(e), third(e), point(e);
  }
  CHECK(h.read().count() == 7);
  CHECK(h.read().percentile(100) == 7);
  CHECK(sparse.read().count() == 3);  // 1, 4, 7
  CHECK(sparse.read().percentile(50) == 4);
  CHECK(points.read().percentile(100) == 14);
}

TEST_CASE("a stage counts each event once, while plans change and somebody reads") {
  struct event {
    std::chrono::steady_clock::time_point at;
    long number;
  };
  mr::latency_histogram seen;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<event>() | mr::map<"n">([](event const& e) { return e.number; }) | mr::tap<"seen">(seen.since(&event::at), mr::takes<"event">), crew, {.capacity = 64}};
  auto in = run.input();
  std::int64_t last = 0;
  for (long i = 0; i < 20'000; ++i) {
    REQUIRE(in.publish([&](event& e) { e = {std::chrono::steady_clock::now(), i}; }) == mr::status::ok);
    if (i % 500 != 0) continue;
    REQUIRE(run.apply(i % 1000 == 0 ? mr::fused : mr::spread) == mr::status::ok);
    auto const now = seen.read().count();
    REQUIRE(now >= last);
    last = now;
  }
  CHECK(run.finish().ok());
  CHECK(seen.read().count() == 20'000);
  CHECK(seen.read().percentile(100) > 0);
}
