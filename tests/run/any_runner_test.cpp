// SPDX-License-Identifier: MIT
#include <millrace/run/any_runner.hpp>

#include <memory>
#include <optional>
#include <utility>

#include "any_feed.hpp"
#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("a class keeps a pipeline that only its source file knows") {
  feed f;
  REQUIRE(f.take({"a", 1}) == mr::status::ok);
  REQUIRE(f.in().publish([](price& p) { p.symbol = "b", p.cents = 2; }) == mr::status::ok);
  REQUIRE(f.in().publish(2, [](price& p, std::size_t i) { p.symbol = "c", p.cents = static_cast<long>(i); }) == mr::status::ok);
  price const more[] = {{"d", 3}, {"e", 4}};
  REQUIRE(f.in().publish(more, 2) == mr::status::ok);
  REQUIRE(f.in().publish_for(std::chrono::hours{1}, price{"f", 5}) == mr::status::ok);
  REQUIRE(f.run().flush() == mr::status::ok);
  CHECK(f.run().apply(mr::spread) == mr::status::ok);
  CHECK(f.run().current_plan().workers() == 2);
  CHECK(f.run().flush_within(std::chrono::hours{1}) == mr::status::ok);
  CHECK(f.run().snapshot().events.done == 7);
  CHECK_THROWS_AS(f.run().input<int>(), mr::bad_call);    // another event
  CHECK_THROWS_AS(f.run().input<price>(), mr::bad_call);  // there is one
  auto const report = f.run().finish();
  CHECK(report.ok());
  CHECK(report.done == 7);
  CHECK(f.seen() == std::vector<std::string>{"a 1", "b 2", "c 0", "c 1", "d 3", "e 4", "f 5"});
  CHECK(f.take({"g", 6}) == mr::status::closed);
  CHECK(f.in().closed());
}

TEST_CASE("an any_input never waits when it is told not to, and refuses what the handle refuses") {
  mr::any_runner run{mr::runner{mr::from<long>() | mr::tap<"a">([](long) {}), {.capacity = 2, .paused = true}}};
  auto in = run.input<long>();
  long const three[] = {1, 2, 3};
  CHECK(in.try_publish(three, 3) == mr::status::refused);
  CHECK(in.try_publish(three, 0) == mr::status::refused);
  CHECK(in.try_publish(three, 2) == mr::status::ok);
  CHECK(in.try_publish(1L) == mr::status::would_block);
  CHECK(in.publish_for(std::chrono::nanoseconds{0}, 1L) == mr::status::would_block);
  CHECK(in.publish(1L) == mr::status::would_block);  // paused: nobody would make room
  run.start();
  CHECK(in.publish(1L) == mr::status::ok);
  CHECK(run.finish().done == 3);
}

TEST_CASE("events that can only be moved, or not be assigned") {
  long sum = 0;
  mr::any_runner run{mr::runner{mr::from<std::unique_ptr<long>>() | mr::tap<"a">([&](std::unique_ptr<long> const& p) { sum += *p; })}};
  auto in = run.input<std::unique_ptr<long>>();
  CHECK(in.publish(std::make_unique<long>(4)) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(sum == 4);

  struct fixed {
    long const n;
    explicit fixed(long v) : n{v} {}
  };
  mr::any_runner other{mr::runner{mr::from<fixed>() | mr::tap<"a">([&](fixed const& f) { sum += f.n; })}};
  auto fixed_in = other.input<fixed>();
  CHECK(fixed_in.publish(fixed{5}) == mr::status::ok);
  fixed const two[] = {fixed{6}, fixed{7}};
  CHECK(fixed_in.publish(two, 2) == mr::status::ok);
  CHECK(other.finish().ok());
  CHECK(sum == 22);
}

TEST_CASE("a fill that throws through an any_input publishes nothing") {
  mr::any_runner run{mr::runner{mr::from<int>() | mr::tap<"a">([](int) {})}};
  auto in = run.input<int>();
  CHECK_THROWS_AS(in.publish([](int&) { throw 7; }), int);
  CHECK(in.publish(1) == mr::status::ok);
  CHECK(run.finish().published == 1);
}

TEST_CASE("an empty any_runner, an empty any_input, and a pipeline with its own source") {
  mr::any_runner nothing;
  CHECK(!nothing);
  CHECK_THROWS_AS(nothing.finish(), mr::bad_call);
  mr::any_input<int> nowhere;
  CHECK(nowhere.publish(1) == mr::status::closed);
  CHECK(nowhere.closed());
  mr::any_runner run{mr::runner{mr::generate([n = 0]() mutable { return n < 3 ? std::optional{n++} : std::nullopt; }) | mr::tap<"a">([](int) {})}};
  CHECK_THROWS_AS(run.input<int>(), mr::bad_call);
  nothing = std::move(run);
  CHECK(!run);
  CHECK(nothing.finish().done == 3);
}

TEST_CASE("handles outlive an any_runner") {
  mr::any_input<int> in;
  {
    mr::any_runner run{mr::runner{mr::from<int>() | mr::tap<"a">([](int) {})}};
    in = run.input<int>();
    REQUIRE(in.publish(1) == mr::status::ok);
  }
  CHECK(in.publish(1) == mr::status::closed);
}
