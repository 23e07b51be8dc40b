// SPDX-License-Identifier: MIT
// Ends that do not wait for ever, ends by several threads at once, and the end of a runner under whoever waits for it.
#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

auto crew_of(std::size_t n) { return mr::workers{{.max = n, .place = {.pin = false}}}; }

}  // namespace

TEST_CASE("finish_within has all done if that is in time, and says the same again") {
  auto const plan = GENERATE(0, 1);
  auto crew = crew_of(2);
  long seen = 0;
  mr::runner run{mr::from<int>() | mr::change<"a">([](int& v) { ++v; }) | mr::tap<"b">([&](int v) { seen += v; }), crew,
                 {.capacity = 8, .plan = plan == 0 ? mr::fused : mr::spread, .paused = true}};
  auto in = run.input();
  for (int i = 0; i < 8; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  auto const report = run.finish_within(hours{1});
  CHECK(report.ok());
  CHECK(!report.stopped);
  CHECK(report.stuck.empty());
  CHECK(report.done == 8);
  CHECK(seen == 36);
  CHECK(run.finish_within(nanoseconds{0}).done == 8);
  CHECK(run.finish().ok());
  CHECK(in.publish([](int& v) { v = 1; }) == mr::status::closed);
}

TEST_CASE("finish_within comes back though a handler does not, and names its stage") {
  auto const fused = GENERATE(true, false);
  std::latch inside{1}, leave{1};
  auto crew = crew_of(2);
  mr::runner run{mr::from<int>() | mr::tap<"swift">([](int) {}) | mr::tap<"frozen">([&](int v) { if (v == 1) inside.count_down(), leave.wait(); }), crew,
                 {.capacity = 4, .plan = fused ? mr::fused : mr::spread, .batch = 1, .wait = mr::blocking}};
  auto in = run.input();
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  inside.wait();
  CHECK(run.flush_within(nanoseconds{0}) == mr::status::would_block);
  CHECK(run.flush_within(milliseconds{1}) == mr::status::would_block);
  auto const report = run.finish_within(milliseconds{1});
  CHECK(report.stopped);
  CHECK(!report.ok());
  CHECK(report.published == 3);
  CHECK(report.done == 1);
  CHECK(report.left == 2);
  REQUIRE(report.stuck.size() == 1);
  CHECK(report.stuck[0].stage == (fused ? "swift" : "frozen"));  // of a loop over both the first is told
  CHECK(report.stuck[0].last == "frozen");
  CHECK(report.stuck[0].at == 1);
  CHECK(report.stuck[0].worker == (fused ? 0U : 1U));
  CHECK(report.stuck[0].held);
  CHECK(report.stuck[0].in_handler);
  CHECK(in.publish([](int& v) { v = 1; }) == mr::status::closed);
  CHECK(run.apply(mr::spread) == mr::status::closed);
  CHECK(run.flush() == mr::status::closed);
  leave.count_down();
  auto const end = run.finish();  // waits for it
  CHECK(end.stuck.empty());
  CHECK(end.stopped);
  CHECK(end.done == 2);
  CHECK(end.left == 1);
}

TEST_CASE("finish_within stops a source that has no end") {
  auto crew = crew_of(1);
  mr::runner run{mr::generate([n = 0L]() mutable { return std::optional{n++}; }) | mr::tap<"a">([](long) {}), crew, {.capacity = 16}};
  auto const report = run.finish_within(milliseconds{1});
  CHECK(report.stopped);
  CHECK(run.finish().stopped);
}

TEST_CASE("several threads end a runner at once, and all are told the same") {
  for (int round = 0; round < 40; ++round) {
    auto crew = crew_of(2);
    long seen = 0;
    mr::runner run{mr::from<int>() | mr::change<"a">([](int&) {}) | mr::tap<"b">([&](int) { ++seen; }), crew,
                   {.capacity = 8, .plan = round % 2 == 0 ? mr::fused : mr::spread, .paused = round % 3 == 0}};
    std::latch together{5};
    mr::report reports[3];
    std::atomic<long> accepted{0};
    std::vector<std::thread> threads;
    threads.emplace_back([&, in = run.input()]() mutable {
      together.arrive_and_wait();
      for (int i = 0; i < 100; ++i)
        if (auto const s = in.publish([](int& v) { v = 1; }); s == mr::status::ok) ++accepted;
        else if (s == mr::status::closed) break;
    });
    threads.emplace_back([&] { together.arrive_and_wait(), reports[0] = run.finish(); });
    threads.emplace_back([&] { together.arrive_and_wait(), reports[1] = run.finish_within(hours{1}); });
    threads.emplace_back([&] {
      together.arrive_and_wait();
      static_cast<void>(run.apply(round % 2 == 0 ? mr::spread : mr::fused));
      if (round % 4 == 0) run.stop();
      reports[2] = run.finish();
    });
    threads.emplace_back([&] {
      together.arrive_and_wait();
      try {
        static_cast<void>(run.flush());
      } catch (mr::bad_call const&) {  // it was paused still
      }
    });
    for (auto& t : threads) t.join();
    for (auto const& r : reports) {
      CHECK(r.published == accepted);
      CHECK(r.done == seen);
      CHECK(r.done + r.left == r.published);
      CHECK(r.stopped == reports[0].stopped);
      CHECK(r.stuck.empty());
      if (round % 4 != 0) CHECK(r.ok());
    }
  }
}

TEST_CASE("whoever waits when the runner is destroyed is told that it has ended") {
  auto const call = GENERATE(0, 1, 2);
  std::latch inside{1}, leave{1};
  auto crew = crew_of(1);
  auto pipeline = mr::from<int>() | mr::tap<"slow">([&](int v) { if (v == 0) inside.count_down(), leave.wait(); });
  std::optional<mr::runner<decltype(pipeline)>> run;
  run.emplace(std::move(pipeline), crew, mr::runner_options{.capacity = 2, .batch = 1, .wait = mr::blocking});
  auto in = run->input();
  for (int i = 0; i < 2; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  inside.wait();
  auto const engine = run->shared();
  std::thread waits{[&] {
    if (call == 0) CHECK(run->flush() == mr::status::closed);
    if (call == 1) CHECK(run->finish().left == 1);
    if (call == 2) CHECK(in.publish([](int& v) { v = 2; }) == mr::status::closed);
  }};
  while (!engine->others().anybody()) std::this_thread::yield();  // it sleeps
  std::thread opens{[&] {
    while (engine->course().now() < mr::life::stopping) std::this_thread::yield();
    leave.count_down();
  }};
  run.reset();
  opens.join();
  waits.join();
}

TEST_CASE("a runner on threads of the program's own ends in time without them") {
  mr::workers crew{{.max = 2, .own_threads = true}};
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 4, .plan = mr::spread}};
  auto in = run.input();
  for (int i = 0; i < 4; ++i) REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
  CHECK(run.flush_within(hours{1}) == mr::status::ok);
  REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
  auto const report = run.finish_within(hours{1});
  CHECK(report.ok());
  CHECK(report.done == 5);
}
