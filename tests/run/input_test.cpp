// SPDX-License-Identifier: MIT
#include <millrace/run/input.hpp>

#include <latch>
#include <optional>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

namespace {

auto sum_into(long& sum) { return mr::from<long>() | mr::tap<"sum">([&sum](long v) { sum += v; }); }
auto const one = [](long& v) { v = 1; };
auto const each = [](long& v, std::size_t) { v = 1; };

}  // namespace

TEST_CASE("claims of none and of more than the ring holds are refused at once, in every form") {
  long sum = 0;
  mr::runner run{sum_into(sum), {.capacity = 4}};
  auto in = run.input();
  for (std::size_t const n : {std::size_t{0}, std::size_t{5}, SIZE_MAX, SIZE_MAX / 2}) {
    CAPTURE(n);
    CHECK(in.publish(n, each) == mr::status::refused);
    CHECK(in.try_publish(n, each) == mr::status::refused);
    CHECK(in.publish_for(1h, n, each) == mr::status::refused);
  }
  CHECK(in.publish_up_to(0, each).what == mr::status::refused);
  CHECK(in.publish(4, each) == mr::status::ok);
  CHECK(run.finish().published == 4);
}

TEST_CASE("a full ring: try says would_block, for waits no longer than it may, up to takes what there is") {
  std::latch entered{1}, leave{1};
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::tap<"hold">([&](long v) {
                   if (v == 100) entered.count_down(), leave.wait();
                   sum += v;
                 }),
                 {.capacity = 8}};
  auto in = run.input();
  REQUIRE(in.publish([](long& v) { v = 100; }) == mr::status::ok);
  entered.wait();  // the handler is busy with the first
  auto const got = in.publish_up_to(100, each);
  CHECK(got.what == mr::status::ok);
  CHECK(got.count == 7);
  CHECK(in.try_publish(one) == mr::status::would_block);
  CHECK(in.try_publish(2, each) == mr::status::would_block);
  CHECK(in.try_publish_up_to(3, each).what == mr::status::would_block);
  CHECK(in.publish_for(1us, one) == mr::status::would_block);
  CHECK(in.publish_for(0ns, 2, each) == mr::status::would_block);
  CHECK(in.publish_for(-1h, one) == mr::status::would_block);
  leave.count_down();
  CHECK(in.publish_for(std::chrono::nanoseconds::max(), one) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  CHECK(in.try_publish_up_to(3, each).count == 3);
  auto const report = run.finish();
  CHECK(report.published == 12);
  CHECK(sum == 111);
}

TEST_CASE("capacity one") {
  long sum = 0;
  mr::runner run{sum_into(sum), {.capacity = 1}};
  auto in = run.input();
  for (long i = 0; i < 200; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(sum == 19'900);
}

TEST_CASE("an event in its slot keeps what it owned a lap ago") {
  mr::runner run{mr::from<std::string>() | mr::tap<"look">([](std::string const&) {}), {.capacity = 2}};
  auto in = run.input();
  char const* first = nullptr;
  REQUIRE(in.publish([&](std::string& s) { s.assign(100, 'a'), first = s.data(); }) == mr::status::ok);
  REQUIRE(in.publish([&](std::string& s) { s = "b"; }) == mr::status::ok);
  std::size_t size = 0;
  char const* second = nullptr;
  REQUIRE(in.publish([&](std::string& s) { size = s.size(), s.assign(50, 'c'), second = s.data(); }) == mr::status::ok);
  CHECK(size == 100);
  CHECK(second == first);
  CHECK(run.finish().ok());
}

TEST_CASE("what is constructed is destroyed exactly once") {
  auto const published = GENERATE(0, 1, 3, 4);
  auto const fail_at = GENERATE(0, 2);
  CAPTURE(published, fail_at);
  struct sealed {  // not assignable: made anew for each event
    explicit sealed(int v) : inside{v} {}
    sealed(sealed&&) = default;
    support::counted inside;
  };
  support::counted::begin();
  {
    long sum = 0;
    mr::runner run{mr::from<sealed>()                                                                        //
                       | mr::map<"copy">([](sealed const& s) { return support::counted{s.inside.value}; })  //
                       | mr::tap<"sum">([&](support::counted const& c) { sum += c.value; }),
                   {.capacity = 4, .paused = true}};
    auto in = run.input();
    {
      for (int i = 0; i < published; ++i) {
        if (i == fail_at && fail_at != 0) CHECK_THROWS_AS(in.publish([]() -> sealed { throw 1; }), int);
        REQUIRE(in.publish([&] { return sealed{i}; }) == mr::status::ok);
      }
      CHECK(run.finish().ok());
    }
  }
  CHECK(support::counted::alive() == 0);
  CHECK(support::counted::wrong == 0);
}

TEST_CASE("an event type whose constructor throws fails the runner's making, and leaks nothing") {
  for (long at = 1; at <= 4; ++at) {
    support::counted::begin(at);
    auto const make = [] { mr::runner run{mr::from<support::counted>() | mr::tap<"x">([](support::counted const&) {}), {.capacity = 4, .paused = true}}; };
    CHECK_THROWS_AS(make(), support::planned_failure);
    CHECK(support::counted::alive() == 0);
    CHECK(support::counted::wrong == 0);
  }
}

TEST_CASE("a claim by hand is published as a whole, or forgotten") {
  std::vector<long> got;
  mr::runner run{mr::from<long>() | mr::tap<"see">([&](long v) { got.push_back(v); }), {.capacity = 4}};
  auto in = run.input();
  REQUIRE(in.publish(3, [](long& v, std::size_t i) { v = static_cast<long>(i); }) == mr::status::ok);
  {
    auto dropped = in.claim(2);  // across the end of the ring
    REQUIRE(dropped);
    CHECK(dropped.what() == mr::status::ok);
    for (auto& v : dropped) v = 99;
  }
  {
    auto c = in.claim_for(1h, 3);
    REQUIRE(c.size() == 3);
    long next = 10;
    for (auto& v : c) v = next++;
    CHECK(&c[1] == &*++c.begin());
    auto moved = std::move(c);
    CHECK(!c);  // NOLINT(bugprone-use-after-move)
    CHECK(moved.publish() == mr::status::ok);
    CHECK(!moved);
    CHECK(moved.publish() == mr::status::ok);
  }
  {
    auto c = in.claim(1);
    c[0] = 98;
    c.abandon();
    CHECK(c.size() == 0);
  }
  REQUIRE(in.publish([](long& v) { v = 20; }) == mr::status::ok);
  CHECK(in.claim(5).what() == mr::status::refused);
  CHECK(in.claim(0).what() == mr::status::refused);
  CHECK(in.claim(5).publish() == mr::status::refused);
  auto const report = run.finish();
  CHECK(report.published == 7);
  CHECK(report.tombstones == 0);
  CHECK(got == std::vector<long>{0, 1, 2, 10, 11, 12, 20});
  CHECK(in.claim(1).what() == mr::status::closed);
}

TEST_CASE("a claim that is open when the runner ends is not published") {
  long sum = 0;
  mr::runner run{sum_into(sum), {.capacity = 4}};
  auto in = run.input();
  auto c = in.claim(2);
  c[0] = c[1] = 5;
  CHECK(run.finish().published == 0);
  CHECK(c.publish() == mr::status::closed);
  CHECK(sum == 0);
}

TEST_CASE("claims of a full ring: try says would_block, for waits no longer than it may") {
  mr::runner run{mr::from<long>() | mr::tap<"x">([](long) {}), {.capacity = 2, .paused = true}};
  auto in = run.input();
  REQUIRE(in.claim(2).publish() == mr::status::ok);
  CHECK(in.try_claim(1).what() == mr::status::would_block);
  CHECK(in.claim(1).what() == mr::status::would_block);  // paused: it would wait for itself
  CHECK(in.claim_for(1us, 1).what() == mr::status::would_block);
  CHECK(run.finish().published == 2);
}
