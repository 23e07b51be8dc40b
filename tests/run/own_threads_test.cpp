// SPDX-License-Identifier: MIT
// Crews without threads: the program's own do the work.
#include <atomic>
#include <latch>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto own_crew(std::size_t n) { return mr::workers{{.max = n, .own_threads = true}}; }

}  // namespace

TEST_CASE("a loop that publishes and works on one thread") {
  std::vector<int> seen;
  auto crew = own_crew(1);
  mr::runner run{mr::from<int>() | mr::change<"twice">([](int& v) { v *= 2; }) | mr::tap<"keep">([&](int v) { seen.push_back(v); }), crew, {.capacity = 4}};
  auto in = run.input();
  CHECK(!run.work_some());  // there is nothing yet
  for (int i = 0; i < 100;) {
    auto const s = in.publish([&](int& v) { v = i; });
    if (s == mr::status::ok) ++i;
    else REQUIRE(s == mr::status::would_block);  // waiting for room would be waiting for oneself
    if (i % 3 == 0) run.work_some();
    if (s == mr::status::would_block) CHECK(run.work_some());
  }
  CHECK(run.flush() == mr::status::ok);  // works itself: nobody else is there
  CHECK(seen.size() == 100);
  REQUIRE(in.publish([](int& v) { v = 7; }) == mr::status::ok);
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.done == 101);
  for (int i = 0; i < 100; ++i) CHECK(seen[static_cast<std::size_t>(i)] == 2 * i);
  CHECK(!run.work_some());
  run.work_on_this_thread();  // it has ended: returns at once
  CHECK(!run.work_for(std::chrono::hours{1}));
}

TEST_CASE("threads that work until the runner ends, while plans change") {
  auto const workers = GENERATE(std::size_t{1}, 2, 3);
  auto crew = own_crew(workers);
  long seen = 0;
  mr::runner run{mr::from<long>() | mr::change<"a">([](long& v) { ++v; }) | mr::change<"b">([](long& v) { ++v; }) | mr::tap<"c">([&](long v) { seen += v; }), crew,
                 {.capacity = 16}};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([&, i] { run.work_on_this_thread(i); });
  auto in = run.input();
  for (long i = 0; i < 3000; ++i) {
    REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
    if (i % 100 == 0) CHECK(run.apply(i % 200 == 0 ? mr::spread : mr::fused) == mr::status::ok);
    if (i % 500 == 0) CHECK(run.flush() == mr::status::ok);
  }
  CHECK(run.finish().ok());
  for (auto& t : threads) t.join();
  CHECK(seen == 3000L * 2999 / 2 + 6000);
}

TEST_CASE("stop wakes threads that work, also one that the plan does not employ, and of a paused runner") {
  auto const paused = GENERATE(false, true);
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew, {.wait = mr::blocking, .paused = paused}};
  std::thread one{[&] { run.work_on_this_thread(0); }}, other{[&] { run.work_on_this_thread(1); }};
  while (!paused && !crew.shared()->where_they_sleep()->of[0].anybody()) std::this_thread::yield();
  while (!crew.shared()->where_they_sleep()->of[1].anybody()) std::this_thread::yield();
  run.stop();
  one.join();
  other.join();
  CHECK(run.finish().stopped);
}

TEST_CASE("a handler that throws on a thread of the program's own is told by the report, not thrown there") {
  auto crew = own_crew(1);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int v) { if (v == 1) throw std::runtime_error{"one"}; }), crew, {.capacity = 4}};
  auto in = run.input();
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  run.work_on_this_thread();
  CHECK(in.publish([](int& v) { v = 0; }) == mr::status::closed);
  auto const report = run.finish();
  CHECK(report.failed_stage == "a");
  CHECK(report.failed_at == 1);
  CHECK_THROWS_AS(report.rethrow(), std::runtime_error);
}

TEST_CASE("calls that cannot work") {
  SECTION("a crew with threads") {
    mr::workers crew{{.max = 1, .place = {.pin = false}}};
    mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew};
    CHECK_THROWS_AS(run.work_some(), mr::bad_call);
    CHECK_THROWS_AS(run.work_on_this_thread(), mr::bad_call);
  }
  SECTION("a worker that there is not") {
    auto crew = own_crew(2);
    mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew};
    CHECK_THROWS_AS(run.work_some(2), mr::bad_call);
  }
  SECTION("a worker that another thread is") {
    std::latch inside{1}, leave{1};
    auto crew = own_crew(1);
    mr::runner run{mr::from<int>() | mr::tap<"a">([&](int) { inside.count_down(), leave.wait(); }), crew};
    REQUIRE(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
    std::thread worker{[&] { run.work_on_this_thread(); }};
    inside.wait();
    CHECK_THROWS_AS(run.work_some(), mr::bad_call);
    CHECK_THROWS_AS(run.work_for(std::chrono::hours{1}), mr::bad_call);
    leave.count_down();
    CHECK(run.finish().done == 1);
    worker.join();
  }
}

TEST_CASE("what a handler must not call, it must not call on a thread of the program's own either") {
  auto const call = GENERATE(0, 1, 2, 3, 4);
  struct calls_back {
    void (*call)(void*, int);
    void* on;
    int which;
    void operator()(int const&) const { call(on, which); }
  };
  using pipeline = decltype(mr::from<int>() | mr::tap<"call">(calls_back{}));
  using holder = std::optional<mr::runner<pipeline>>;
  holder run;
  auto crew = own_crew(1);
  auto const calls = [](void* r, int which) {
    auto& it = **static_cast<holder*>(r);
    if (which == 0) static_cast<void>(it.finish());
    if (which == 1) static_cast<void>(it.flush());
    if (which == 2) it.work_some();
    if (which == 3) static_cast<void>(it.finish_within(std::chrono::hours{1}));
    if (which == 4) static_cast<void>(it.flush_within(std::chrono::hours{1}));
  };
  run.emplace(mr::from<int>() | mr::tap<"call">(calls_back{calls, &run, call}), crew);
  REQUIRE(run->input().publish([](int& v) { v = 1; }) == mr::status::ok);
  auto const report = run->finish();
  CHECK(report.failed_stage == "call");
  CHECK_THROWS_AS(report.rethrow(), mr::bad_call);
}

TEST_CASE("runners that share a thread of the program's own") {
  auto crew = own_crew(1);
  int a = 0, b = 0;
  mr::runner one{mr::from<int>() | mr::tap<"a">([&](int) { ++a; }), crew};
  mr::runner two{mr::from<int>() | mr::tap<"b">([&](int) { ++b; }), crew};
  REQUIRE(one.input().publish([](int& v) { v = 1; }) == mr::status::ok);
  REQUIRE(two.input().publish([](int& v) { v = 1; }) == mr::status::ok);
  while (a + b < 2) one.work_some();  // works for both
  CHECK(one.finish().ok());
  CHECK(two.finish().ok());
}

TEST_CASE("a runner is destroyed though nobody ever worked for it") {
  int alive = 0;
  struct lives {
    int* alive;
    explicit lives(int* a) : alive{a} { ++*alive; }
    lives(lives const& o) : alive{o.alive} { ++*alive; }
    ~lives() { --*alive; }
    void operator()(int) const {}
  };
  auto const workers = GENERATE(std::size_t{1}, 2);
  auto crew = own_crew(workers);
  {
    mr::runner run{mr::from<int>() | mr::tap<"a">(lives{&alive}) | mr::tap<"b">([](int) {}), crew, {.plan = mr::spread}};
    REQUIRE(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
  }
  CHECK(alive == 0);
}
