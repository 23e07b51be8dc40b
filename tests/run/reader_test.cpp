// SPDX-License-Identifier: MIT
// Events read on a thread of the user's own.
#include <millrace/run/runner.hpp>

#include <string>
#include <thread>
#include <vector>
#if defined(__linux__)
#include <poll.h>
#endif

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto number(int i) {
  return [i](int& e) { e = i; };
}
auto alone() -> mr::workers { return mr::workers{{.max = 2, .place = {.pin = false}}}; }

}  // namespace

TEST_CASE("a reader polls what is there, never waits, and holds the producer back") {
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 4}};
  auto in = run.input();
  REQUIRE(in.publish(number(-1)) == mr::status::ok);
  auto r = run.reader(mr::now);
  std::vector<int> seen;
  auto const note = [&](int const& e) { seen.push_back(e); };
  CHECK(r.poll(note).what == mr::status::would_block);
  for (int i = 0; i < 4; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);  // which waits for stages, not for readers
  CHECK(in.try_publish(number(9)) == mr::status::would_block);
  auto const p = r.poll(note);
  CHECK(p.what == mr::status::ok);
  CHECK(p.count == 4);
  CHECK(seen == std::vector{0, 1, 2, 3});
  CHECK(in.try_publish(number(4)) == mr::status::ok);
  auto const report = run.finish();  // what lies in the ring can still be read
  CHECK(report.ok());
  CHECK(report.done == 6);
  CHECK(!r.ended());
  CHECK(r.wait() == mr::status::ok);
  CHECK(r.poll(note).count == 1);
  CHECK(r.ended());
  CHECK(r.poll(note).what == mr::status::closed);
  CHECK(r.wait() == mr::status::closed);
  CHECK(seen.back() == 4);
}

TEST_CASE("a view is released when it goes, or when the next is taken") {
  auto crew = alone();
  mr::runner run{mr::from<std::string>() | mr::tap<"see">([](std::string const&) {}), crew, {.capacity = 4}};
  auto in = run.input();
  auto r = run.reader(mr::now);
  for (int i = 0; i < 4; ++i) REQUIRE(in.publish([&](std::string& e) { e = std::to_string(i); }) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  auto const more = [&] { return in.try_publish([](std::string& e) { e = "more"; }); };
  {
    auto v = r.take(2);
    CHECK(v.size() == 2);
    CHECK(*v.begin() == "0");
    CHECK(v.events().first_sequence() == 0);
    CHECK(more() == mr::status::would_block);
    auto w = r.take(1);  // so the first is released
    CHECK(*w.begin() == "2");
    CHECK(more() == mr::status::ok);
    CHECK(more() == mr::status::ok);
    CHECK(more() == mr::status::would_block);
  }
  CHECK(more() == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  {
    auto none = r.take(0);
    CHECK(none.empty());
  }
  CHECK(r.take(9).size() == 1);  // "3": there the ring goes round
  CHECK(r.take(9).size() == 3);
  CHECK(r.take(9).empty());
}

TEST_CASE("a reader behind stages gets their results, and what a filter let through") {
  auto const plan = GENERATE(0, 1);
  CAPTURE(plan);
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::map<"square">([](int e) { return long{e} * e; }) | mr::filter<"even">([](long s) { return s % 2 == 0; }) | mr::expand<"twice">([](long s) { return std::vector<long>{s, s + 1}; }) |
                     mr::tap<"see">([](long) {}),
                 crew, {.capacity = 16, .plan = plan == 0 ? mr::grouping{mr::fused} : mr::grouping{mr::spread}}};
  auto in = run.input();
  auto squares = run.reader<"square">(mr::now);
  auto ends = run.reader<"see">(mr::now);
  auto evens = run.reader(mr::now);
  for (int i = 1; i <= 6; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  std::vector<long> a, b, c;
  std::vector<mr::sequence> at;
  CHECK(squares.poll([&](long s) { a.push_back(s); }).count == 6);
  CHECK(evens.poll([&](long s, mr::at where) { b.push_back(s), at.push_back(where.sequence); }).count == 3);
  while (c.size() < 6 && ends.wait() == mr::status::ok) CHECK(ends.poll([&](long s) { c.push_back(s); }).what == mr::status::ok);
  CHECK(a == std::vector<long>{1, 4, 9, 16, 25, 36});
  CHECK(b == std::vector<long>{4, 16, 36});
  CHECK(at == std::vector<mr::sequence>{1, 3, 5});
  CHECK(c == std::vector<long>{4, 5, 16, 17, 36, 37});
  run.stop();
  CHECK(run.finish().stopped);
  CHECK(ends.poll([](long) {}).what == mr::status::closed);
}

TEST_CASE("oldest begins with what the stages have not released") {
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 8, .paused = true}};
  auto in = run.input();
  for (int i = 0; i < 5; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  auto all = run.reader<"event">(mr::oldest);
  auto none = run.reader(mr::now);
  std::vector<int> seen;
  CHECK(all.poll([&](int e) { seen.push_back(e); }).what == mr::status::ok);
  CHECK(seen == std::vector{0, 1, 2, 3, 4});
  CHECK(run.finish().ok());
  CHECK(none.poll([](int) {}).what == mr::status::closed);
}

TEST_CASE("what a poll throws leaves the event where it was") {
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 8}};
  auto in = run.input();
  auto r = run.reader(mr::now);
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  std::vector<int> seen;
  auto const once = [&](int e) {
    if (seen.size() == 1) {
      seen.push_back(-1);
      throw std::string{"one"};
    }
    seen.push_back(e);
  };
  CHECK_THROWS_AS(r.poll(once), std::string);
  CHECK(r.poll(once).count == 2);
  CHECK(seen == std::vector{0, -1, 1, 2});
}

TEST_CASE("a reader waits for a producer, and the producer for the reader") {
  constexpr int n = 20'000;
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::change<"twice">([](int& e) { e *= 2; }), crew, {.capacity = 8, .wait = mr::blocking}};
  auto r = run.reader<"twice">(mr::now);
  bool published = true;
  std::thread producer{[&] {
    auto in = run.input();
    for (int i = 0; i < n; ++i) published = published && in.publish(number(i)) == mr::status::ok;
  }};
  int next = 0;
  bool right = true;
  while (next < n && r.wait() == mr::status::ok)
    if (next % 3 == 0) {
      for (int const e : r.take(3)) right = right && e == 2 * next++;
    } else {
      r.poll([&](int e) { right = right && e == 2 * next++; });
    }
  producer.join();
  CHECK(published);
  CHECK(right);
  CHECK(next == n);
  CHECK(r.wait_for(std::chrono::nanoseconds{1}) == mr::status::would_block);
  CHECK(run.finish().ok());
}

TEST_CASE("readers come and go in any number, four at a time") {
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 2}};
  auto in = run.input();
  for (int round = 0; round < 5; ++round) {
    auto a = run.reader(mr::now);
    auto b = std::move(a);
    auto c = run.reader(mr::now), d = run.reader(mr::oldest), e = run.reader<"see">(mr::now);
    CHECK_THROWS_AS(run.reader(mr::now), mr::bad_call);
    REQUIRE(in.publish(number(1)) == mr::status::ok);
    CHECK(run.flush() == mr::status::ok);
    CHECK(b.poll([](int) {}).count == 1);
  }
  for (int i = 0; i < 10; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  CHECK(run.finish().ok());
}

#if defined(__linux__)
TEST_CASE("a descriptor wakes once for each time that there is something again") {
  auto crew = alone();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 64}};
  auto r = run.reader(mr::now);
  auto const readable = [&](int timeout) {
    ::pollfd p{.fd = r.fd(), .events = POLLIN, .revents = 0};
    return ::poll(&p, 1, timeout) == 1;
  };
  CHECK(!readable(0));
  auto in = run.input();
  REQUIRE(in.publish(number(1)) == mr::status::ok);
  CHECK(readable(-1));
  REQUIRE(in.publish(number(2)) == mr::status::ok);
  CHECK(run.flush() == mr::status::ok);
  int sum = 0;
  while (r.poll([&](int e) { sum += e; }).what == mr::status::ok) {}
  CHECK(sum == 3);
  CHECK(!readable(0));
  constexpr int n = 3000;
  bool published = true, finished = false;
  std::thread producer{[&] {
    for (int i = 0; i < n; ++i) {
      published = published && in.publish(number(1)) == mr::status::ok;
      if (i % 16 == 0) std::this_thread::yield();
    }
  }};
  for (int got = 0; got < n;) {
    REQUIRE(readable(-1));
    if (got % 2 == 0) r.poll([&](int e) { got += e; });
    else
      for (int const e : r.take(5)) got += e;
  }
  producer.join();
  REQUIRE(published);
  REQUIRE(in.publish(number(1)) == mr::status::ok);
  CHECK(readable(-1));
  CHECK(r.take(1).size() == 1);
  std::thread ends{[&] { finished = run.finish().ok(); }};
  REQUIRE(readable(-1));
  while (r.poll([](int) {}).what != mr::status::closed) CHECK(readable(-1));
  ends.join();
  CHECK(finished);
  CHECK(readable(-1));  // the end stays
}
#endif
