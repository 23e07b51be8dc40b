// SPDX-License-Identifier: MIT
// What becomes of a tap that came to a running pipeline when it throws: on one thread and a clock that only moves when it is told to; and
// that nobody waits for a pause.
#include <millrace/run/attached.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using fake = support::fake_platform;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t ms = 1'000'000;

auto number(int i) {
  return [i](int& e) { e = i; };
}
auto own_crew() { return mr::basic_workers<fake>{{.max = 1, .own_threads = true}}; }
auto unpinned(std::size_t n) -> mr::workers { return mr::workers{{.max = n, .place = {.pin = false}}}; }
template <typename Input>
void publish(Input&& in, int n) {
  for (int i = 0; i < n; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
}
void fails_at(bool here, char const* why = "here") {
  if (here) throw std::runtime_error{why};
}

}  // namespace

TEST_CASE("an attached tap that skips goes on behind the event, which is counted; nobody else hears of it") {
  auto const batches = GENERATE(false, true);
  auto const where = GENERATE(0, 1, 2);
  CAPTURE(batches, where);
  fake::begin();
  std::vector<int> seen, behind, right;
  auto const bad = [](int e) { return e % 10 == 5 || e % 10 == 7 || e % 10 == 8; };
  int failed = 0;
  for (int i = 0; i < 100; ++i) {
    if (where == 1 && i % 2 == 0) continue;  // dropped
    if (bad(i)) ++failed;
    else right.push_back(i);
  }
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"see">([&](int e) { behind.push_back(e); }) | mr::filter<"odd">([](int e) { return e % 2 != 0; }) |
                     mr::tap<"fussy">([](int e) { fails_at(e == 1000); }, mr::on_error(mr::skip)) | mr::tap<"last">([](int) {}),
                 crew, {.capacity = 128, .batch = 32}};
  auto const each = mr::tap<"spy">([&](int e) { fails_at(bad(e)), seen.push_back(e); }, mr::on_error(mr::skip));
  auto const whole = mr::tap<"spy">(
      [&](mr::batch<int const> b) {
        for (auto i = b.begin(); i != b.end(); ++i) {
          if (i != b.begin()) b.done_before(i);  // else it is the first that has failed
          fails_at(bad(*i)), seen.push_back(*i);
        }
      },
      mr::in_batches, mr::on_error(mr::skip));
  auto spy = [&] {
    if (batches) return where == 0 ? run.attach(mr::after<"event"> | whole, mr::now) : where == 1 ? run.attach(mr::after<"odd"> | whole, mr::now) : run.attach(mr::after<"see"> | whole, mr::now);
    return where == 0 ? run.attach(mr::after<"event"> | each, mr::now) : where == 1 ? run.attach(mr::after<"odd"> | each, mr::now) : run.attach(mr::after<"see"> | each, mr::now);
  }();
  auto in = run.input();
  publish(in, 50);
  CHECK(run.flush() == mr::status::ok);
  CHECK(spy.running());
  CHECK(spy.passed() == 50);
  CHECK(mr::snapshot(run).stages.back().name == "spy");
  CHECK(mr::snapshot(run).stages.back().failed == failed / 2);
  for (int i = 50; i < 100; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.failed == 0);
  REQUIRE(report.taps.size() == 1);
  CHECK(report.taps[0].done == 100);
  CHECK(report.taps[0].failed == failed);
  CHECK(seen == right);
  CHECK(behind.size() == 100);
}

TEST_CASE("a batch behind stages that let events fail blames the right one") {
  fake::begin();
  std::vector<int> seen;
  auto crew = own_crew();
  mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"fussy">([](int e) { fails_at(e % 3 == 0); }, mr::on_error(mr::skip)), crew, {.capacity = 128}};
  auto spy = run.attach(mr::tap<"spy">(
                            [&](mr::batch<int const> b) {
                              for (auto i = b.begin(); i != b.end(); ++i) {
                                if (i != b.begin()) b.done_before(i);
                                fails_at(*i % 5 == 0), seen.push_back(*i);
                              }
                            },
                            mr::in_batches, mr::on_error(mr::skip)),
                        mr::now);
  publish(run.input(), 100);
  CHECK(run.finish().taps.at(0).failed == 13);  // 5, 10, 20, 25 ...
  CHECK(seen.size() == 66 - 13);
}

TEST_CASE("an attached tap tries again after a pause in which its worker sleeps or does other things; then the end applies") {
  auto const helps = GENERATE(true, false);
  auto const batches = GENERATE(false, true);
  CAPTURE(helps, batches);
  fake::begin();
  std::vector<int> seen, behind;
  std::vector<std::int64_t> tried;
  auto const look = [&](int e) {
    if (e == 3) {
      tried.push_back(fake::now());
      fails_at(!helps || tried.size() < 3);
    }
    seen.push_back(e);
  };
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"see">([&](int e) { behind.push_back(e); }), crew, {.capacity = 16, .wait = mr::blocking}};
  auto const with = mr::on_error(mr::retry(2, 5ms, mr::skip));
  auto spy = batches ? run.attach(mr::tap<"spy">(
                                      [&](mr::batch<int const> b) {
                                        for (auto i = b.begin(); i != b.end(); ++i) b.done_before(i), look(*i);
                                      },
                                      mr::in_batches, mr::idempotent, with),
                                  mr::now)
                     : run.attach(mr::tap<"spy">(look, mr::idempotent, with), mr::now);
  publish(run.input(), 8);
  run.work_for(2ms);
  CHECK(behind.size() == 8);  // though the tap stands still
  CHECK(seen == std::vector{0, 1, 2});
  CHECK(spy.passed() == 3);
  auto const waits = fake::now_is.waited;
  CHECK(run.finish().ok());
  CHECK(fake::now_is.waited - waits < 50);  // asleep until then
  REQUIRE(tried.size() == 3);
  CHECK(tried[1] - tried[0] >= 5 * ms);
  CHECK(tried[2] - tried[1] >= 5 * ms);
  CHECK(tried[2] - tried[0] < 30 * ms);
  CHECK(seen == (helps ? std::vector{0, 1, 2, 3, 4, 5, 6, 7} : std::vector{0, 1, 2, 4, 5, 6, 7}));
  CHECK(spy.passed() == 8);
}

TEST_CASE("an attached tap whose retry does not help stops the runner, if nothing else was said") {
  fake::begin();
  int tried = 0;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 16}};
  auto spy = run.attach(mr::tap<"spy">([&](int e) { fails_at(e == 3 && ++tried != 0); }, mr::on_error(mr::retry(4, 0ms)), mr::idempotent), mr::now);
  publish(run.input(), 8);
  auto const report = run.finish();
  CHECK(tried == 5);
  CHECK(report.failed_stage == "spy");
  CHECK(report.failed_at == 3);
  CHECK_THROWS_AS(report.rethrow(), std::runtime_error);
  CHECK(!spy.running());
  CHECK(spy.passed() == 3);
}

TEST_CASE("nobody waits for a tap that pauses: it is taken away, or all is stopped") {
  auto const stops = GENERATE(false, true);
  CAPTURE(stops);
  auto crew = unpinned(2);
  std::atomic<bool> thrown{false};
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 4}};
  auto spy = run.attach(mr::tap<"spy">(
                            [&](int) {
                              thrown = true, thrown.notify_all();
                              throw std::runtime_error{"no"};
                            },
                            mr::on_error(mr::retry(1, 24h)), mr::idempotent),
                        mr::now);
  auto in = run.input();
  publish(in, 4);
  thrown.wait(false);
  CHECK(in.try_publish(number(4)) == mr::status::would_block);  // its slots are still to be looked at
  if (stops) {
    run.stop();
    CHECK(run.finish().stopped);
  } else {
    spy.detach();
    publish(in, 100);
    CHECK(run.finish().ok());
  }
  CHECK(!spy.running());
}

namespace {

struct says_no {
  std::string* heard;
  char at;
  void note(char c) {
    *heard += c;
    fails_at(at == c);
  }
  void operator()(int) { note('e'); }
  void on_start() { note('('); }
  void on_stop() { note(')'); }
  void on_idle() { note('i'); }
  void on_batch_end() { note('|'); }
  void on_tick() { note('.'); }
};

}  // namespace

TEST_CASE("hooks of a tap that forgives may throw; its start may not. It ticks, and hears of its stop when it has failed") {
  auto const at = GENERATE('(', ')', 'e', 'i', '|', '.', ' ');
  auto const forgives = GENERATE(true, false);
  CAPTURE(at, forgives);
  fake::begin();
  std::string heard;
  auto crew = own_crew();
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 16, .wait = mr::blocking}};
  auto spy = forgives ? run.attach(mr::tap<"spy">(says_no{&heard, at}, mr::every(1ms), mr::on_error(mr::skip)), mr::now)
                      : run.attach(mr::tap<"spy">(says_no{&heard, at}, mr::every(1ms), mr::on_error(mr::stop_all)), mr::now);
  auto in = run.input();
  REQUIRE(in.publish(number(0)) == mr::status::ok);
  run.work_for(10ms);
  bool const is_open = in.publish(number(1)) == mr::status::ok;
  auto const report = run.finish();
  auto const count = [&](char c) { return std::count(heard.begin(), heard.end(), c); };
  CHECK(heard.front() == '(');
  CHECK(count('(') == 1);
  CHECK(count(')') == (at == '(' ? 0 : 1));
  if (at == ' ' || (forgives && at != '(')) {
    CHECK(is_open);
    CHECK(report.ok());
    CHECK(count('e') == 2);
    CHECK(count('|') == 2);
    CHECK(count('i') >= 1);
    CHECK((count('.') >= 9 && count('.') <= 11));
    CHECK(report.taps.at(0).failed == (at == ' ' ? 0 : count(at)));
  } else {
    CHECK(report.failed_stage == "spy");
    CHECK(count(at) == 1);
    CHECK(!spy.running());
  }
}
