// SPDX-License-Identifier: MIT
// Who wants to know of stalls is called: on one thread and a clock that only moves when it is told to; and by a worker, while another hangs.
#include <millrace/run/lookout.hpp>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using fake = support::fake_platform;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t ms = 1'000'000;

auto own_crew(std::size_t n) { return mr::basic_workers<fake>{{.max = n, .own_threads = true}}; }
auto number(int i) {
  return [i](int& e) { e = i; };
}

}  // namespace

TEST_CASE("a stall is told once, and once more when it is over, by another worker than the one who does not come") {
  fake::begin();
  std::vector<mr::stall> told;
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 8, .plan = mr::spread, .wait = mr::blocking}};
  auto watch = run.on_stall(milliseconds{8}, [&](mr::stall const& s) { told.push_back(s); });
  auto in = run.input();
  run.work_for(milliseconds{50}, 1);
  CHECK(told.empty());  // there are no events
  for (int k = 0; k < 3; ++k) {
    CAPTURE(k);
    told.clear();
    REQUIRE(in.publish(number(k)) == mr::status::ok);
    run.work_for(milliseconds{7}, 1);
    CHECK(told.empty());  // not yet
    run.work_for(milliseconds{5}, 1);
    REQUIRE(told.size() == 1);
    CHECK(told[0].stage == "a");
    CHECK(told[0].at == k);
    CHECK(told[0].worker == 0);
    CHECK(!told[0].held);
    CHECK(!told[0].over);
    CHECK(told[0].since >= milliseconds{8});
    CHECK(told[0].since <= milliseconds{10});
    run.work_for(milliseconds{100}, 1);
    CHECK(told.size() == 1);  // still the same
    CHECK(watch.passed() == k + 1);
    run.work_some(0);
    run.work_for(milliseconds{4}, 1);
    REQUIRE(told.size() == 2);
    CHECK(told[1].stage == "a");
    CHECK(told[1].at == k);
    CHECK(told[1].over);
    CHECK(told[1].since >= milliseconds{100});
    CHECK(mr::text(told[1]).find("it goes on") != std::string::npos);
    CHECK(mr::text(told[0]).find("stage a stands before event " + std::to_string(k)) == 0);
  }
  CHECK(watch.running());
  CHECK(run.finish().ok());
  CHECK(!watch.running());
  CHECK(told.size() == 2);
}

TEST_CASE("two stages stand still and go on in turn") {
  fake::begin();
  std::string told;
  auto crew = own_crew(3);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 8, .plan = mr::spread, .wait = mr::blocking}};
  auto watch = run.on_stall(milliseconds{4}, [&](mr::stall const& s) { told.append(s.over ? "-" : "+").append(s.stage); });
  auto in = run.input();
  REQUIRE(in.publish(number(0)) == mr::status::ok);
  REQUIRE(in.publish(number(1)) == mr::status::ok);
  run.work_for(milliseconds{10}, 2);
  CHECK(told == "+a");  // b waits for it
  run.work_some(0);
  run.work_for(milliseconds{10}, 2);
  CHECK(told == "+a-a+b");
  run.work_some(1);
  run.work_for(milliseconds{10}, 2);
  CHECK(told == "+a-a+b-b");
  CHECK(run.finish().ok());
}

TEST_CASE("what it throws stops the runner, which names it; it is not called again") {
  fake::begin();
  int calls = 0;
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 8, .plan = mr::spread, .wait = mr::blocking}};
  auto watch = run.on_stall(milliseconds{4}, [&](mr::stall const& s) {
    ++calls;
    throw std::runtime_error{mr::text(s)};
  });
  auto in = run.input();
  REQUIRE(in.publish(number(0)) == mr::status::ok);
  run.work_for(milliseconds{100}, 1);
  CHECK(in.publish(number(0)) == mr::status::closed);
  auto const report = run.finish();
  CHECK(calls == 1);
  CHECK(report.failed_stage == "on_stall");
  CHECK(report.failed_at == 0);
  CHECK_THROWS_AS(report.rethrow(), std::runtime_error);
}

TEST_CASE("it goes with its handle, and nobody waits for it at the end") {
  fake::begin();
  int calls = 0;
  auto const count = [&](mr::stall const&) { ++calls; };
  auto crew = own_crew(2);
  {
    mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 8, .plan = mr::spread, .wait = mr::blocking}};
    auto watch = run.on_stall(milliseconds{4}, count);
    REQUIRE(run.input().publish(number(0)) == mr::status::ok);
    watch.detach();  // no thread attends: this one does the work
    CHECK(!watch.running());
    auto long_one = run.on_stall(milliseconds{4'000'000}, count);
    auto const before = fake::now();
    CHECK(run.finish().ok());
    CHECK(fake::now() - before < 100 * ms);
    CHECK(!long_one.running());
    auto late = run.on_stall(milliseconds{4}, count);
    CHECK(!late.running());
  }
  {
    mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew, {.capacity = 8, .paused = true}};
    auto watch = run.on_stall(milliseconds{4'000'000}, count);
    run.work_for(milliseconds{1}, 0);
  }
  CHECK(calls == 0);
}

TEST_CASE("a handler that hangs is told by another worker, while the end is waited for") {
  auto const plan = GENERATE(0, 1);
  std::atomic<bool> told{false};
  std::vector<mr::stall> all;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"deep">([&](int e) {
                   if (e == 5) told.wait(false);  // until it was told
                 }),
                 crew, {.capacity = 16, .plan = plan == 0 ? mr::fused : mr::spread}};
  auto watch = run.on_stall(milliseconds{1}, [&](mr::stall const& s) {
    if (s.in_handler && !s.over && s.last == "deep" && s.at <= 5) told = true, told.notify_all();
    all.push_back(s);
  });
  {
    auto in = run.input();
    for (int i = 0; i < 10; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  }
  CHECK(run.finish().ok());
  CHECK(told);
  int open = 0;
  for (auto const& s : all) open += s.over ? -1 : 1;
  CHECK(open == 0);  // each is over in the end
}

TEST_CASE("where no thread of the program's own attends, who takes a tap away does its worker's work") {
  fake::begin();
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew, {.capacity = 8}};
  auto spy = run.attach(mr::tap<"spy">([](int) {}), mr::now);
  spy.detach();
  CHECK(!spy.running());
  CHECK(run.finish().ok());
}
