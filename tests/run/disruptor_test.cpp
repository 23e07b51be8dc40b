// SPDX-License-Identifier: MIT
// What whoever comes from the LMAX Disruptor counts on: sequences, batches, barriers, wrapping, gating, the ways to end. In the words of
// its user guide (https://lmax-exchange.github.io/disruptor/user-guide/).
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/fan_out.hpp>
#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using mr::status;

namespace {

auto const number = [](int i) { return [i](int& e) { e = i; }; };

/// Holds up its stage at one event until it is let go.
struct held_up {
  int at;
  std::latch* entered;
  std::latch* leave;
  std::atomic<int>* seen;
  void operator()(int v) const {
    if (v == at) entered->count_down(), leave->wait();
    ++*seen;
  }
};
struct counts {
  std::atomic<int>* seen;
  void operator()(int) const { ++*seen; }
};
void wait_until(std::atomic<int> const& seen, int n) {
  while (seen.load() < n) std::this_thread::yield();
}

}  // namespace

TEST_CASE("as in a disruptor: sequences count from zero over every lap, and each handler sees all of them") {
  std::vector<mr::sequence> first, second;
  mr::runner run{mr::from<int>() | mr::tap<"first">([&](int, mr::at where) { first.push_back(where.sequence); }) |
                     mr::tap<"second">([&](int, mr::at where) { second.push_back(where.sequence); }),
                 {.capacity = 4}};
  auto in = run.input();
  for (int i = 0; i < 11; ++i) REQUIRE(in.publish(number(i)) == status::ok);
  CHECK(run.finish().done == 11);
  REQUIRE(first.size() == 11);
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i] == static_cast<mr::sequence>(i));
  CHECK(second == first);
}

TEST_CASE("as in a disruptor: a consumer that was slow gets all that has come meanwhile as one batch, and hears of its end") {
  std::latch entered{1}, leave{1};
  std::string heard;
  mr::runner run{mr::from<int>() | mr::tap<"slow">([&](int v, mr::at where) {
                   if (v == 0) entered.count_down(), leave.wait();
                   heard += static_cast<char>('0' + v);
                   if (where.last_of_batch) heard += '.';
                 }),
                 {.capacity = 8}};
  auto in = run.input();
  REQUIRE(in.publish(number(0)) == status::ok);
  entered.wait();
  for (int i = 1; i < 6; ++i) REQUIRE(in.publish(number(i)) == status::ok);
  leave.count_down();
  CHECK(run.finish().ok());
  CHECK(heard == "0.12345.");
}

TEST_CASE("as in a disruptor: a consumer behind others sees an event when all of them have done it") {
  std::latch entered{1}, leave{1};
  std::atomic<int> quick{0}, slow{0}, behind{0};
  bool early = false;
  mr::workers crew{{.max = 3}};
  mr::runner run{mr::from<int>() | mr::fan_out(mr::tap<"quick">(counts{&quick}), mr::tap<"slow">(held_up{1, &entered, &leave, &slow})) |
                     mr::tap<"behind">([&](int) {
                       if (slow <= behind || quick <= behind) early = true;
                       ++behind;
                     }),
                 crew, {.capacity = 8, .plan = mr::spread}};
  auto in = run.input();
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish(number(i)) == status::ok);
  entered.wait();
  wait_until(quick, 3);   // it does not wait for the one beside it
  wait_until(behind, 1);  // and what both have done goes on
  leave.count_down();
  CHECK(run.finish().done == 3);
  CHECK(behind == 3);
  CHECK(!early);
}

TEST_CASE("as in a disruptor: the producer never writes over what the slowest consumer has not done") {
  std::latch entered{1}, leave{1};
  std::atomic<int> quick{0}, slow{0};
  mr::workers crew{{.max = 2}};
  mr::runner run{mr::from<int>() | mr::fan_out(mr::tap<"quick">(counts{&quick}), mr::tap<"slow">(held_up{0, &entered, &leave, &slow})),
                 crew, {.capacity = 4, .plan = mr::spread}};
  auto in = run.input();
  for (int i = 0; i < 4; ++i) REQUIRE(in.try_publish(number(i)) == status::ok);
  entered.wait();
  wait_until(quick, 4);
  CHECK(in.try_publish(number(4)) == status::would_block);  // though one of them has room
  leave.count_down();
  CHECK(in.publish(number(4)) == status::ok);
  CHECK(run.finish().done == 5);
  CHECK(slow == 5);
}

TEST_CASE("as in a disruptor: among several producers a claim keeps its place, and what is behind it waits for it") {
  std::vector<int> seen;
  mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"a">([&](int v) { seen.push_back(v); }), {.capacity = 8}};
  auto one = run.input(), other = one;
  auto claim = one.claim(2);
  REQUIRE(claim);
  REQUIRE(other.publish(number(3)) == status::ok);
  claim[0] = 1, claim[1] = 2;
  REQUIRE(claim.publish() == status::ok);
  CHECK(run.finish().done == 3);
  CHECK(seen == std::vector<int>{1, 2, 3});
}

TEST_CASE("as in a disruptor: shutdown works off what was published; halt leaves it") {
  std::latch entered{1}, leave{1};
  std::atomic<int> seen{0};
  mr::runner run{mr::from<int>() | mr::tap<"a">(held_up{0, &entered, &leave, &seen}), {.capacity = 8, .batch = 1}};
  auto in = run.input();
  for (int i = 0; i < 8; ++i) REQUIRE(in.publish(number(i)) == status::ok);
  entered.wait();
  SECTION("shutdown") {
    std::thread ender{[&] { CHECK(run.finish().done == 8); }};
    while (!in.closed()) std::this_thread::yield();
    CHECK(in.publish(number(8)) == status::closed);
    leave.count_down();
    ender.join();
    CHECK(seen == 8);
  }
  SECTION("halt") {
    run.stop();
    leave.count_down();
    auto const report = run.finish();
    CHECK(report.stopped);
    CHECK(report.done == 1);
    CHECK(report.left == 7);
    CHECK(seen == 1);
  }
}
