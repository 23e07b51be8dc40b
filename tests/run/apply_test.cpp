// SPDX-License-Identifier: MIT
// Plans that replace others: when they take effect, who runs what then, and which are refused. Handlers note which worker they are
// on; nothing here depends on how long anything takes.
#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto crew_of(std::size_t n) { return mr::workers{{.max = n, .place = {.pin = false}}}; }
/// The number of the worker that calls, from its thread's name.
auto here() -> std::size_t {
  char name[32] = {};
  static_cast<void>(pthread_getname_np(pthread_self(), name, sizeof name));
  return std::string{name}.rfind("millrace ", 0) == 0 ? std::strtoul(name + 9, nullptr, 10) : 99;
}
/// Each stage on the worker that stands at its place.
auto on(std::size_t crew, std::vector<std::size_t> const& workers) {
  mr::plan p{crew, workers.size()};
  for (std::size_t s = 0; s < workers.size(); ++s) p.give(workers[s], s, 1);
  return p;
}
/// A stage that notes who ran it for which event, and calls what the test wants.
struct note {
  std::vector<std::size_t>* by;
  std::atomic<std::size_t>* count;
  std::function<void(long)>* also = nullptr;
  void operator()(long const& v) const {
    by->push_back(here());
    if (also != nullptr && *also) (*also)(v);
    ++*count;
  }
};
struct three {
  std::vector<std::size_t> by[3];
  std::atomic<std::size_t> count[3] = {};
  std::function<void(long)> in_b;

  auto sentence() {
    return mr::from<long>() | mr::tap<"a">(note{&by[0], &count[0]}) | mr::tap<"b">(note{&by[1], &count[1], &in_b}) | mr::tap<"c">(note{&by[2], &count[2]});
  }
  void wait_for(std::size_t stage, std::size_t events) const {
    while (count[stage].load() < events) std::this_thread::yield();
  }
};
template <typename Input>
void publish(Input& in, long from, long to) {
  for (auto i = from; i < to; ++i) REQUIRE(in.publish([i](long& v) { v = i; }) == mr::status::ok);
}
/// All whom the plan does not employ have left.
template <typename Runner>
void settle(Runner& run, std::size_t members) {
  while (run.shared()->course().members() != members) std::this_thread::yield();
}
using numbers = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a plan for a paused runner is the one that it starts with, the last of several") {
  three t;
  auto crew = crew_of(3);
  mr::runner run{t.sentence(), crew, {.capacity = 16, .paused = true}};
  auto in = run.input();
  publish(in, 0, 10);
  CHECK(run.apply(mr::spread) == mr::status::ok);
  CHECK(run.apply(mr::fused) == mr::status::ok);
  CHECK(run.apply(on(3, {2, 1, 2})) == mr::status::ok);
  CHECK(run.current_plan() == on(3, {2, 1, 2}));
  CHECK(run.shared()->course().members() == 0);  // nobody was hired for it yet
  CHECK(run.finish().ok());
  CHECK(t.by[0] == numbers(10, 2));
  CHECK(t.by[1] == numbers(10, 1));
  CHECK(t.by[2] == numbers(10, 2));
}

TEST_CASE("while a handler blocks, the stages beside it go on with those who get them") {
  three t;
  std::latch entered{1}, leave{1};
  t.in_b = [&](long v) {
    if (v == 4) entered.count_down(), leave.wait();
  };
  auto crew = crew_of(3);
  mr::runner run{t.sentence(), crew, {.capacity = 16, .plan = on(3, {0, 1, 0}), .batch = 1}};
  auto in = run.input();
  publish(in, 0, 5);
  entered.wait();
  t.wait_for(2, 4);
  CHECK(run.apply(on(3, {2, 2, 0})) == mr::status::ok);  // b too is given to another one, who cannot have it now
  t.wait_for(0, 5);
  publish(in, 5, 16);
  t.wait_for(0, 16);  // up to the end of the ring, though b stands at 4
  CHECK(run.apply(on(3, {0, 2, 2})) == mr::status::ok);  // again, before it has settled
  CHECK(run.apply(on(3, {2, 0, 0})) == mr::status::ok);
  CHECK(t.count[1].load() == 4);
  CHECK(t.count[2].load() == 4);
  leave.count_down();
  settle(run, 2);
  publish(in, 16, 20);
  CHECK(run.finish().ok());
  for (auto const& by : t.by) REQUIRE(by.size() == 20);
  for (std::size_t i = 0; i < 5; ++i) CHECK(t.by[1][i] == 1);
  for (std::size_t i = 16; i < 20; ++i) CHECK((t.by[0][i] == 2 && t.by[1][i] == 0 && t.by[2][i] == 0));
  CHECK(t.by[0][15] != 1);
}

TEST_CASE("of several plans the last one counts, whatever was settled between") {
  three t;
  std::latch entered{1}, leave{1};
  t.in_b = [&](long v) {
    if (v == 0) entered.count_down(), leave.wait();
  };
  auto crew = crew_of(3);
  mr::runner run{t.sentence(), crew, {.capacity = 64}};
  auto in = run.input();
  publish(in, 0, 1);
  entered.wait();
  for (int k = 0; k < 100; ++k) CHECK(run.apply(k % 3 == 0 ? mr::spread : k % 3 == 1 ? mr::fused : mr::grouping{on(3, {1, 2, 1})}) == mr::status::ok);
  CHECK(run.apply(on(3, {1, 1, 1})) == mr::status::ok);
  CHECK(run.current_plan() == on(3, {1, 1, 1}));
  leave.count_down();
  settle(run, 1);
  publish(in, 1, 30);
  CHECK(run.finish().ok());
  for (auto const& by : t.by) {
    REQUIRE(by.size() == 30);
    CHECK(by[0] == 0);
    CHECK(numbers(by.begin() + 1, by.end()) == numbers(29, 1));
  }
}

TEST_CASE("a handler changes the plan, its own worker too") {
  three t;
  auto crew = crew_of(3);
  mr::runner run{t.sentence(), crew, {.capacity = 16, .batch = 1, .paused = true}};
  numbers answers;
  t.in_b = [&](long v) { answers.push_back(static_cast<std::size_t>(run.apply(on(3, {static_cast<std::size_t>(v) % 3, static_cast<std::size_t>(v + 1) % 3, 0})))); };
  run.start();
  auto in = run.input();
  publish(in, 0, 300);
  CHECK(run.finish().ok());
  CHECK(answers == numbers(300, static_cast<std::size_t>(mr::status::ok)));
  for (auto const& c : t.count) CHECK(c.load() == 300);
  CHECK(run.current_plan() == on(3, {299 % 3, 300 % 3, 0}));
}

TEST_CASE("a runner that has stopped, ended or failed takes no more plans") {
  three t;
  auto const how = GENERATE(0, 1, 2);
  CAPTURE(how);
  if (how == 2) t.in_b = [](long) { throw std::runtime_error{"planned"}; };
  auto crew = crew_of(2);
  mr::runner run{t.sentence(), crew};
  auto in = run.input();
  publish(in, 0, 1);
  if (how == 0) run.stop();
  auto const report = run.finish();
  CHECK(report.stopped == (how == 0));
  CHECK((report.error != nullptr) == (how == 2));
  auto const before = run.current_plan();
  CHECK(run.apply(mr::spread) == mr::status::closed);
  CHECK(run.apply(on(2, {1, 1, 1})) == mr::status::closed);
  CHECK(run.current_plan() == before);
  CHECK(run.shared()->course().members() == 0);
}

TEST_CASE("a plan that does not fit is refused, and the old one stays") {
  auto const paused = GENERATE(true, false);
  CAPTURE(paused);
  three t;
  auto crew = crew_of(2);
  mr::runner run{t.sentence(), crew, {.plan = on(2, {0, 1, 0}), .paused = paused}};
  auto in = run.input();
  if (!paused) publish(in, 0, 5);
  mr::plan none{2, 3}, two_lanes = on(2, {0, 0, 0});
  two_lanes.give(1, 1, 2);
  mr::grouping const bad[] = {mr::groups{{"a", "b"}}, mr::groups{{"a", "b"}, {"c", "d"}}, mr::groups{{"a", "b"}, {"b", "c"}}, none, two_lanes, on(3, {0, 1, 2}), on(2, {0, 1}), on(2, {0, 1, 0, 1})};
  for (auto const& b : bad) {
    CHECK_THROWS_AS(run.apply(b), mr::bad_plan);
    CHECK(run.current_plan() == on(2, {0, 1, 0}));
  }
  publish(in, 5, 10);
  CHECK(run.finish().ok());
  for (auto const w : t.by[1]) CHECK(w == 1);
  for (auto const w : t.by[2]) CHECK(w == 0);
}

TEST_CASE("a plan that breaks a constraint is refused while events flow") {
  auto crew = crew_of(3);
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::change<"a">([](long& v) { ++v; }) | mr::tap<"b">([](long) {}) | mr::tap<"c">([&](long v) { sum += v; }) | mr::together<"a", "c"> | mr::apart<"b">, crew};
  auto in = run.input();
  publish(in, 0, 10);
  auto const before = run.current_plan();
  CHECK_THROWS_AS(run.apply(on(3, {0, 1, 2})), mr::bad_plan);
  CHECK_THROWS_AS(run.apply(on(3, {0, 0, 0})), mr::bad_plan);
  CHECK(run.current_plan() == before);
  CHECK(run.apply(on(3, {2, 0, 2})) == mr::status::ok);
  publish(in, 10, 20);
  CHECK(run.finish().ok());
  CHECK(sum == 210);
}

TEST_CASE("a worker leaves, sleeps, and is hired again") {
  three t;
  mr::wait_policy const all[] = {mr::wait_policy{}, mr::busy_spin, mr::sleeping, mr::blocking};
  auto const which = GENERATE(0, 1, 2, 3);
  CAPTURE(which);
  auto crew = crew_of(2);
  mr::runner run{t.sentence(), crew, {.wait = all[which]}};
  auto in = run.input();
  for (std::size_t k = 0; k < 20; ++k) {
    auto const who = k % 2;
    CHECK(run.apply(on(2, {who, who, who})) == mr::status::ok);
    settle(run, 1);
    publish(in, static_cast<long>(k), static_cast<long>(k) + 1);
    REQUIRE(run.flush() == mr::status::ok);
    if (k != 0)  // the other one has no job, so it sleeps, however this runner wants its workers to wait
      while (!run.on().where_they_sleep()->of[1 - who].anybody()) std::this_thread::yield();
  }
  CHECK(run.finish().ok());
  for (auto const& by : t.by) {
    REQUIRE(by.size() == 20);
    for (std::size_t k = 0; k < 20; ++k) CHECK(by[k] == k % 2);
  }
}

TEST_CASE("two workers may want one stage: one of them has it") {
  three t;
  auto crew = crew_of(2);
  auto both = on(2, {0, 0, 0});
  for (std::size_t s = 0; s < 3; ++s) both.give(1, s, 1);
  mr::runner run{t.sentence(), crew, {.capacity = 8, .plan = both}};
  auto in = run.input();
  publish(in, 0, 100);
  CHECK(run.apply(mr::spread) == mr::status::ok);
  CHECK(run.apply(both) == mr::status::ok);
  publish(in, 100, 200);
  CHECK(run.finish().ok());
  for (auto const& c : t.count) CHECK(c.load() == 200);
}

TEST_CASE("a snapshot after a change names the new workers") {
  three t;
  auto crew = crew_of(3);
  mr::runner run{t.sentence(), crew};
  CHECK(mr::snapshot(run).workers.size() == 1);
  CHECK(run.apply(on(3, {2, 1, 2})) == mr::status::ok);
  auto const m = mr::snapshot(run);
  REQUIRE(m.workers.size() == 2);
  CHECK(m.workers[0].number == 1);
  CHECK(m.workers[0].stages == "b");
  CHECK(m.workers[1].number == 2);
  CHECK(m.workers[1].stages == "a c");
  CHECK(m.stages[0].worker == 2);
  CHECK(m.stages[1].worker == 1);
  CHECK(run.finish().ok());
}

TEST_CASE("events, handlers and their state outlive any number of changes") {
  auto crew = crew_of(4);
  long sum = 0;
  mr::runner run{mr::from<std::string>() | mr::filter<"odd">([n = 0L](std::string const&) mutable { return ++n % 2 != 0; }) | mr::map<"size">([](std::string const& s) { return static_cast<long>(s.size()); }) |
                     mr::change<"more">([n = 0L](long& v) mutable { v += n++; }) | mr::tap<"sum">([&](long v) { sum += v; }),
                 crew, {.capacity = 8}};
  auto in = run.input();
  for (std::size_t i = 0; i < 400; ++i) {
    REQUIRE(in.publish([&](std::string& s) { s.assign(i % 50, 's'); }) == mr::status::ok);
    CHECK(run.apply(on(4, {i % 4, i % 3, (i + 1) % 4, i % 2})) == mr::status::ok);
  }
  CHECK(run.finish().ok());
  long expected = 0, n = 0;
  for (long i = 0; i < 400; i += 2) expected += i % 50 + n++;
  CHECK(sum == expected);
}
