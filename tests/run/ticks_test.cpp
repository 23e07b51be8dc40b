// SPDX-License-Identifier: MIT
// Handlers that are told the time. On one thread and a clock that only moves when it is told to; and on real workers, that they wake.
#include <millrace/run/ticks.hpp>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
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

struct journal {
  std::vector<std::int64_t> ticks;
  std::int64_t started = -1;
  std::string text;
};
struct ticker {
  journal* to;
  std::int64_t event_takes = 0;
  void operator()(int const&) { to->text += 'e', fake::now_is.time += event_takes; }
  void on_start() { to->text += '<', to->started = fake::now(); }
  void on_stop() { to->text += '>'; }
  void on_tick(std::chrono::nanoseconds now) { to->text += '.', to->ticks.push_back(now.count()); }
};
auto own_crew(std::size_t n = 1) { return mr::basic_workers<fake>{{.max = n, .own_threads = true}}; }
/// The k-th tick is due a whole number of periods after the start, and comes within `late`.
void check_in_step(journal const& j, std::int64_t period, std::int64_t late) {
  std::int64_t last = 0;
  for (auto const t : j.ticks) {
    auto const k = (t - j.started) / period;
    CHECK(k > last);
    CHECK((t - j.started) % period <= late);
    last = k;
  }
}

}  // namespace

TEST_CASE("ticks come when no events flow, to a worker that sleeps until then") {
  fake::begin();
  journal j;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"t">(ticker{&j}, mr::every(milliseconds{2})), crew, {.wait = mr::blocking}};
  run.work_for(milliseconds{21});
  CHECK(j.ticks.size() == 10);
  check_in_step(j, 2 * ms, ms / 10);
  CHECK(fake::now_is.waited >= 10);
  CHECK(j.text == "<..........");
  CHECK(run.finish().ok());
  CHECK(j.text == "<..........>");
}

TEST_CASE("ticks come between batches when events flow") {
  fake::begin();
  journal j;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"t">(ticker{&j, ms / 2}, mr::every(milliseconds{1})), crew, {.capacity = 16, .batch = 1}};
  auto in = run.input();
  for (int i = 0; i < 16; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  while (run.work_some()) {
  }
  CHECK(j.ticks.size() >= 7);
  check_in_step(j, ms, ms / 2);
  CHECK(run.finish().ok());
}

TEST_CASE("ticks that were missed are not made up for, and the others stay in step") {
  fake::begin();
  journal j;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"t">(ticker{&j, 7 * ms + ms / 2}, mr::every(milliseconds{2})), crew, {.wait = mr::blocking}};
  run.work_some();
  REQUIRE(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
  run.work_for(milliseconds{10});
  REQUIRE(j.ticks.size() >= 2);
  CHECK((j.ticks[0] - j.started) / (2 * ms) == 3);  // one for three
  CHECK((j.ticks[1] - j.started) / (2 * ms) == 4);
}

TEST_CASE("a runner that is paused does not tick, and none ticks before its start or after its stop") {
  fake::begin();
  journal j;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"t">(ticker{&j}, mr::every(milliseconds{1})), crew, {.wait = mr::blocking, .paused = true}};
  run.work_for(milliseconds{5});
  CHECK(j.text.empty());
  run.start();
  run.work_for(std::chrono::microseconds{2500});
  CHECK(run.finish().ok());
  fake::now_is.time += 10 * ms;
  run.work_some();
  CHECK(j.text == "<..>");
}

TEST_CASE("a stage ticks on whichever worker has it, once") {
  fake::begin();
  journal j;
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"t">(ticker{&j}, mr::every(milliseconds{1})), crew, {.plan = mr::fused}};
  for (int round = 0; round < 20; ++round) {
    CHECK(run.apply(round % 2 == 0 ? mr::spread : mr::fused) == mr::status::ok);
    fake::now_is.time += ms / 2;
    run.work_some(0);
    run.work_some(1);
  }
  CHECK(j.ticks.size() >= 8);
  CHECK(j.ticks.size() <= 10);
  check_in_step(j, ms, ms / 2 + 10'000);
}

TEST_CASE("a tick that throws is like any hook that throws") {
  fake::begin();
  struct throws {
    void operator()(int const&) const {}
    void on_tick() { throw std::runtime_error{"tick"}; }
  };
  auto crew = own_crew();
  SECTION("it fails the runner") {
    mr::runner run{mr::from<int>() | mr::tap<"t">(throws{}, mr::every(milliseconds{1})), crew, {.wait = mr::blocking}};
    run.work_on_this_thread();
    CHECK(run.finish().failed_stage == "t");
  }
  SECTION("or is counted, if the stage forgives") {
    mr::runner run{mr::from<int>() | mr::tap<"t">(throws{}, mr::every(milliseconds{1}), mr::on_error(mr::skip)), crew, {.wait = mr::blocking}};
    run.work_for(std::chrono::microseconds{3500});
    auto const report = run.finish();
    CHECK(report.error == nullptr);
    CHECK(report.failed == 3);
  }
}

TEST_CASE("a stage that expands ticks too, and one of a ring behind it") {
  fake::begin();
  struct twice {
    int* ticks;
    auto operator()(int const& v) const { return std::vector<int>{v, v}; }
    void on_tick() { ++*ticks; }
  };
  int ticks = 0;
  journal j;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::expand<"two">(twice{&ticks}, mr::every(milliseconds{1})) | mr::tap<"t">(ticker{&j}, mr::every(milliseconds{1})), crew, {.wait = mr::blocking}};
  run.work_for(std::chrono::microseconds{3500});
  CHECK(ticks == 3);
  CHECK(j.ticks.size() == 3);
}

TEST_CASE("workers with threads wake for ticks, under every wait policy") {
  struct counts {
    std::atomic<int>* ticks;
    void operator()(int const&) const {}
    void on_tick() { ++*ticks; }
  };
  mr::wait_policy const all[] = {mr::wait_policy{}, mr::busy_spin, mr::yielding, mr::sleeping, mr::blocking};
  auto const which = GENERATE(range(0, 5));
  std::atomic<int> ticks{0};
  mr::workers crew{{.max = 1, .place = {.pin = false}}};
  mr::runner run{mr::from<int>() | mr::tap<"a">(counts{&ticks}, mr::every(milliseconds{1})), crew, {.wait = all[which]}};
  while (ticks.load() < 3) std::this_thread::yield();
  CHECK(run.finish().ok());
}
