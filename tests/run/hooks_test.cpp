// SPDX-License-Identifier: MIT
// Handlers that want to hear of more than events: once per handler, in the right order, by the worker that holds the stage.
#include <atomic>
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

struct journal {
  std::string text;
  std::vector<std::thread::id> by;
  void add(char c) { text += c, by.push_back(std::this_thread::get_id()); }
};
struct listens {
  journal* to;
  void operator()(int const&) const { to->add('e'); }
  void on_start() { to->add('<'); }
  void on_stop() { to->add('>'); }
  void on_batch_end() { to->add('b'); }
};
enum class when { start, stop, batch_end, idle };
struct planned : std::runtime_error {
  planned() : std::runtime_error{"planned"} {}
};
template <when When>
struct throws_in {
  long* stops;
  void operator()(int const&) const {}
  void on_start() { if constexpr (When == when::start) throw planned{}; }
  void on_stop() {
    ++*stops;
    if constexpr (When == when::stop) throw planned{};
  }
  void on_batch_end() { if constexpr (When == when::batch_end) throw planned{}; }
  void on_idle() { if constexpr (When == when::idle) throw planned{}; }
};

}  // namespace

TEST_CASE("start comes once before the first event, stop once after the last, batch end after each batch") {
  auto const plan = GENERATE(0, 1);
  auto const events = GENERATE(0, 1, 20);
  CAPTURE(plan, events);
  journal a, b;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  {
    mr::runner run{mr::from<int>() | mr::tap<"a">(listens{&a}) | mr::tap<"b">(listens{&b}), crew, {.capacity = 4, .plan = plan == 0 ? mr::fused : mr::spread, .batch = 1}};
    auto in = run.input();
    for (int i = 0; i < events; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
    CHECK(run.finish().ok());
  }
  std::string expected{"<"};
  for (int i = 0; i < events; ++i) expected += "eb";
  expected += '>';
  for (auto const* l : {&a, &b}) {
    CHECK(l->text == expected);
    for (auto const& who : l->by) CHECK(who == l->by.front());
  }
}

TEST_CASE("a handler that was never started is not stopped") {
  journal a;
  mr::runner run{mr::from<int>() | mr::tap<"a">(listens{&a}), {.paused = true}};
  run.stop();
  CHECK(run.finish().stopped);
  CHECK(a.text == "");
}

TEST_CASE("hooks that throw fail the runner like handlers") {
  long stops = 0;
  SECTION("start: then there is no stop") {
    mr::runner run{mr::from<int>() | mr::tap<"a">(throws_in<when::start>{&stops})};
    static_cast<void>(run.input().publish([](int& v) { v = 1; }));
    auto const report = run.finish();
    CHECK(report.failed_stage == "a");
    CHECK(report.done == 0);
    CHECK(stops == 0);
  }
  SECTION("stop") {
    mr::runner run{mr::from<int>() | mr::tap<"a">(throws_in<when::stop>{&stops})};
    REQUIRE(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
    auto const report = run.finish();
    CHECK(!report.ok());
    CHECK(report.left == 0);
    CHECK(stops == 1);
  }
  SECTION("batch end: its events are done") {
    mr::runner run{mr::from<int>() | mr::tap<"a">(throws_in<when::batch_end>{&stops}), {.batch = 1}};
    REQUIRE(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
    auto const report = run.finish();
    CHECK(report.failed_stage == "a");
    CHECK(report.done == 1);
    CHECK(stops == 1);
  }
  SECTION("idle") {
    mr::runner run{mr::from<int>() | mr::tap<"a">(throws_in<when::idle>{&stops})};
    auto in = run.input();
    while (!in.closed()) std::this_thread::yield();  // the failure closes it
    CHECK(run.finish().failed_stage == "a");
    CHECK(stops == 1);
  }
}

TEST_CASE("idle is told once for each time without events, under every wait policy") {
  struct idles {
    std::atomic<int>* told;
    void operator()(int const&) const {}
    void on_idle() { ++*told; }
  };
  mr::wait_policy const all[] = {mr::wait_policy{}, mr::busy_spin, mr::yielding, mr::sleeping, mr::blocking};
  auto const which = GENERATE(range(0, 5));
  std::atomic<int> told{0};
  mr::runner run{mr::from<int>() | mr::tap<"a">(idles{&told}), {.wait = all[which]}};
  auto in = run.input();
  for (int i = 1; i <= 3; ++i) {
    while (told.load() < i) std::this_thread::yield();
    REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
    REQUIRE(run.flush() == mr::status::ok);
  }
  CHECK(run.finish().ok());
}

TEST_CASE("a position says which event it is, and whether more are there") {
  std::vector<mr::sequence> at;
  long last = 0;
  mr::runner run{mr::from<int>() | mr::tap<"a">([&](int, mr::at where) { at.push_back(where.sequence), last += where.last_of_batch ? 1 : 0; }), {.capacity = 16, .paused = true}};
  auto in = run.input();
  for (int i = 0; i < 16; ++i) REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  REQUIRE(at.size() == 16);
  for (std::size_t i = 0; i < 16; ++i) CHECK(at[i] == static_cast<mr::sequence>(i));
  CHECK(last == 1);  // all sixteen were there from the start
}

TEST_CASE("a handler that hears of nothing but the end hears of it, once") {
  struct ending {
    int* stops;
    void operator()(int) const {}
    void on_stop() const { ++*stops; }
  };
  int stops = 0;
  {
    mr::runner run{mr::from<int>() | mr::tap<"t">(ending{&stops})};
    CHECK(run.finish().ok());
    CHECK(stops == 1);
  }
  CHECK(stops == 1);
}
