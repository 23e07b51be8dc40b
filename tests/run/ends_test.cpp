// SPDX-License-Identifier: MIT
// How runners end: finish, flush, stop, a handler that throws, the destructor; from where, and in what state.
#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

struct planned : std::runtime_error {
  planned() : std::runtime_error{"planned"} {}
};
auto crew_of(std::size_t n) { return mr::workers{{.max = n, .place = {.pin = false}}}; }

}  // namespace

TEST_CASE("a handler that throws stops the runner, and the report says where") {
  auto const plan = GENERATE(0, 1, 2);
  auto const stage = GENERATE(0, 1, 2);
  auto const at = GENERATE(0, 1, 5, 99);
  CAPTURE(plan, stage, at);
  long seen[3] = {};
  auto crew = crew_of(3);
  mr::grouping const plans[] = {mr::fused, mr::groups{{"a", "b"}, {"c"}}, mr::spread};
  auto const step = [&](int s, long v) {
    if (s == stage && v == at) throw planned{};
    ++seen[s];
  };
  mr::runner run{mr::from<long>()                                         //
                     | mr::change<"a">([&](long& v) { step(0, v); })      //
                     | mr::map<"b">([&](long v) { return step(1, v), v; })  //
                     | mr::tap<"c">([&](long v) { step(2, v); }),
                 crew,
                 {.capacity = 256, .plan = plans[plan], .paused = true}};
  auto in = run.input();
  for (long i = 0; i < 100; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  auto const report = run.finish();
  CHECK(!report.ok());
  CHECK(report.failed_stage == std::string{"abc"}.substr(static_cast<std::size_t>(stage), 1));
  CHECK(report.failed_at == at);
  CHECK_THROWS_AS(report.rethrow(), planned);
  CHECK(report.published == 100);
  CHECK(report.done + report.left == 100);
  CHECK(report.done == seen[2]);
  CHECK(seen[stage] == at);
  for (int s = 0; s < stage; ++s) CHECK(seen[s] > at);
  for (int s = stage + 1; s < 3; ++s) CHECK(seen[s] <= at);
  CHECK(in.publish([](long& v) { v = 0; }) == mr::status::closed);
  CHECK(run.flush() == mr::status::closed);
  CHECK(run.finish().failed_at == at);  // the same again
}

TEST_CASE("a batch handler that throws") {
  long before = 0;
  mr::runner run{mr::from<long>() | mr::tap<"a">([&](long) { ++before; }) | mr::tap<"b">([](mr::batch<long const>) { throw planned{}; }, mr::in_batches), {.capacity = 8, .paused = true}};
  auto in = run.input();
  for (long i = 0; i < 8; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  auto const report = run.finish();
  CHECK(report.failed_stage == "b");
  CHECK(report.failed_at == 0);
  CHECK(report.done == 0);
  CHECK(report.left == 8);
  CHECK(before >= 1);
}

TEST_CASE("a source that throws") {
  auto const plan = GENERATE(0, 1);
  long seen = 0;
  auto crew = crew_of(2);
  mr::runner run{mr::generate([n = 0]() mutable -> std::optional<int> {
                   if (n == 10) throw planned{};
                   return n++;
                 }) | mr::tap<"count">([&](int) { ++seen; }),
                 crew,
                 {.plan = plan == 0 ? mr::fused : mr::spread}};
  auto const report = run.finish();
  CHECK(report.failed_stage == "source");
  CHECK(report.failed_at == 10);
  CHECK(report.published == 10);
  CHECK(report.done == seen);
}

TEST_CASE("a fill that throws publishes nothing, and the handle goes on") {
  std::vector<long> seen;
  mr::runner run{mr::from<long>() | mr::tap<"see">([&](long v) { seen.push_back(v); }), {.capacity = 4}};
  auto in = run.input();
  for (long i = 0; i < 20; ++i) {
    CHECK_THROWS_AS(in.publish([](long&) { throw planned{}; }), planned);
    CHECK_THROWS_AS(in.publish(3, [](long&, std::size_t k) { if (k == 2) throw planned{}; }), planned);
    REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  }
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == 20);
  REQUIRE(seen.size() == 20);
  for (long i = 0; i < 20; ++i) CHECK(seen[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("stop releases a producer that waits for room, and says what is left") {
  std::latch entered{1}, leave{1};
  auto crew = crew_of(1);
  mr::runner run{mr::from<long>() | mr::tap<"stuck">([&](long v) { if (v == 0) entered.count_down(), leave.wait(); }), crew, {.capacity = 2, .wait = mr::blocking}};
  std::atomic<long> accepted{0};
  auto last = mr::status::ok;
  std::thread producer{[&, in = run.input()]() mutable {
    for (long i = 0; (last = in.publish([&](long& v) { v = i; })) == mr::status::ok; ++i) ++accepted;
  }};
  entered.wait();
  run.stop();
  producer.join();  // would never come back
  leave.count_down();
  auto const report = run.finish();
  CHECK(last == mr::status::closed);
  CHECK(report.stopped);
  CHECK(report.published == accepted);
  CHECK(report.done + report.left == report.published);
  CHECK(report.done >= 1);  // the batch under way is done
}

TEST_CASE("finish has everything done that was accepted, also while a producer goes on") {
  for (int round = 0; round < 30; ++round) {
    std::atomic<long> accepted{0};
    std::latch some{1};
    long seen = 0;
    auto crew = crew_of(2);
    mr::runner run{mr::from<long>() | mr::change<"a">([](long&) {}) | mr::tap<"count">([&](long) { ++seen; }), crew, {.capacity = 16, .plan = round % 2 == 0 ? mr::fused : mr::spread}};
    std::thread producer{[&, in = run.input()]() mutable {
      for (long i = 0;; ++i) {
        auto const s = i % 3 == 0 ? in.publish(2, [](long& v, std::size_t) { v = 1; }) : in.publish([](long& v) { v = 1; });
        if (s == mr::status::closed) break;
        REQUIRE(s == mr::status::ok);
        accepted += i % 3 == 0 ? 2 : 1;
        if (i == 50) some.count_down();
      }
    }};
    some.wait();
    auto const report = run.finish();
    producer.join();
    CHECK(report.ok());
    CHECK(report.published == accepted);
    CHECK(report.done == accepted);
    CHECK(seen == accepted);
  }
}

TEST_CASE("finish and flush from a handler of the same crew are refused, not a deadlock") {
  auto const call = GENERATE(0, 1);
  auto crew = crew_of(1);
  struct calls_back {
    void (*call)(void*);
    void* on;
    void operator()(int const&) const { call(on); }
  };
  using pipeline = decltype(mr::from<int>() | mr::tap<"call">(calls_back{}));
  calls_back handler{};
  std::optional<mr::runner<pipeline>> run;
  handler.on = &run;
  handler.call = call == 0 ? +[](void* r) { static_cast<void>((*static_cast<std::optional<mr::runner<pipeline>>*>(r))->finish()); }
                           : +[](void* r) { static_cast<void>((*static_cast<std::optional<mr::runner<pipeline>>*>(r))->flush()); };
  run.emplace(mr::from<int>() | mr::tap<"call">(handler), crew);
  REQUIRE(run->input().publish([](int& v) { v = 1; }) == mr::status::ok);
  std::thread{[&] {
    auto const report = run->finish();
    CHECK(report.failed_stage == "call");
    CHECK_THROWS_AS(report.rethrow(), mr::bad_call);
  }}.join();
}

TEST_CASE("stop from a handler") {
  auto crew = crew_of(1);
  struct stops {
    void (*call)(void*);
    void* on;
    void operator()(int const& v) const { if (v == 3) call(on); }
  };
  using pipeline = decltype(mr::from<int>() | mr::tap<"stop">(stops{}));
  std::optional<mr::runner<pipeline>> run;
  run.emplace(mr::from<int>() | mr::tap<"stop">(stops{[](void* r) { (*static_cast<std::optional<mr::runner<pipeline>>*>(r))->stop(); }, &run}), crew,
              mr::runner_options{.capacity = 16, .batch = 1, .paused = true});
  auto in = run->input();
  for (int i = 0; i < 10; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  auto const report = run->finish();
  CHECK(report.stopped);
  CHECK(report.error == nullptr);
  CHECK(report.done == 4);
  CHECK(report.left == 6);
}

TEST_CASE("a handler that publishes into its own full ring gets would_block, never a deadlock") {
  auto crew = crew_of(1);
  struct feeds {
    mr::status (*call)(void*);
    void* into;
    long* blocked;
    long* fed;
    void operator()(int const&) const { ++*(call(into) == mr::status::would_block ? blocked : fed); }
  };
  using pipeline = decltype(mr::from<int>() | mr::tap<"feed">(feeds{}));
  using runner = mr::runner<pipeline>;
  struct loop {
    std::optional<runner> run;
    std::unique_ptr<decltype(std::declval<runner&>().input())> in;
  } all;
  long blocked = 0, fed = 0;
  auto const feed = [](void* l) { return static_cast<loop*>(l)->in->publish([](int& v) { v = 7; }); };
  all.run.emplace(mr::from<int>() | mr::tap<"feed">(feeds{feed, &all, &blocked, &fed}), crew, mr::runner_options{.capacity = 4, .paused = true});
  all.in = std::make_unique<decltype(all.run->input())>(all.run->input());
  for (int i = 0; i < 4; ++i) REQUIRE(all.in->publish([](int& v) { v = 1; }) == mr::status::ok);
  all.run->start();
  std::thread{[&] {
    while (all.run->shared()->ring().gate.reached() < 12) std::this_thread::yield();
    all.run->stop();
    static_cast<void>(all.run->finish());
  }}.join();
  CHECK(blocked >= 1);  // the ring was full when the first came to be handled
  CHECK(fed >= 8);
  all.in.reset();
}

TEST_CASE("the destructor stops, and handles outlive the runner") {
  struct life {
    int* alive;
    explicit life(int* a) : alive{a} { ++*alive; }
    life(life const& o) : alive{o.alive} { ++*alive; }
    ~life() { --*alive; }
    void operator()(int) const {}
  };
  int alive = 0;
  auto crew = crew_of(1);
  using pipeline = decltype(mr::from<int>() | mr::tap<"live">(life{&alive}));
  std::optional<decltype(std::declval<mr::runner<pipeline>&>().input())> in;
  {
    mr::runner run{mr::from<int>() | mr::tap<"live">(life{&alive}), crew, {.capacity = 4}};
    in.emplace(run.input());
    REQUIRE(in->publish([](int& v) { v = 1; }) == mr::status::ok);
    CHECK(alive == 1);
  }
  CHECK(alive == 0);  // handlers go with the runner, whoever still has a handle
  CHECK(in->publish([](int& v) { v = 1; }) == mr::status::closed);
  CHECK(in->try_publish(2, [](int&, std::size_t) {}) == mr::status::closed);
  CHECK(in->closed());
}

TEST_CASE("runners come and go on one crew, whatever state they are in") {
  auto crew = crew_of(2);
  for (int round = 0; round < 200; ++round) {
    long sum = 0;
    mr::runner run{mr::from<long>() | mr::change<"a">([](long& v) { ++v; }) | mr::tap<"b">([&](long v) { sum += v; }), crew,
                   {.capacity = 8, .plan = round % 2 == 0 ? mr::fused : mr::spread, .paused = round % 5 == 0}};
    auto in = run.input();
    for (long i = 0; i < round % 7; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
    if (round % 3 == 0) run.stop();
    if (round % 4 != 0) {
      auto const report = run.finish();
      CHECK(report.published == round % 7);
      CHECK(report.done + report.left == report.published);
      if (round % 3 != 0) CHECK(report.ok());
    }
  }
}
