// SPDX-License-Identifier: MIT
// Taps that come to a running pipeline, and go.
#include <millrace/run/runner.hpp>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto number(int i) {
  return [i](int& e) { e = i; };
}
auto unpinned(std::size_t n) -> mr::workers { return mr::workers{{.max = n, .place = {.pin = false}}}; }
auto plan_of(int i) -> mr::grouping { return i == 0 ? mr::fused : mr::spread; }
/// a, a + 1 ... b - 1?
auto consecutive(std::vector<int> const& v) -> bool {
  for (std::size_t i = 1; i < v.size(); ++i)
    if (v[i] != v[i - 1] + 1) return false;
  return true;
}

}  // namespace

TEST_CASE("a tap sees what is published after it came, and nothing after it went, in any plan") {
  auto const plan = GENERATE(0, 1);
  auto const threads = GENERATE(std::size_t{1}, 3);
  auto const capacity = GENERATE(std::size_t{1}, 64);
  CAPTURE(plan, threads, capacity);
  std::vector<long> spied;
  std::vector<int> raw;
  long sum = 0;
  auto crew = unpinned(threads);
  mr::runner run{mr::from<int>() | mr::change<"next">([](int& e) { ++e; }) | mr::map<"square">([](int e) { return long{e} * e; }) | mr::filter<"even">([](long s) { return s % 2 == 0; }) |
                     mr::tap<"sum">([&](long s) { sum += s; }),
                 crew, {.capacity = capacity, .plan = plan_of(plan)}};
  auto in = run.input();
  for (int i = 0; i < 10; ++i) REQUIRE(in.publish(number(0)) == mr::status::ok);
  {
    auto spy = run.attach(mr::tap<"spy">([&](long s) { spied.push_back(s); }), mr::now);
    auto other = run.attach(mr::after<"next"> | mr::tap<"other">([&](mr::batch<int const> b) { raw.insert(raw.end(), b.begin(), b.end()); }, mr::in_batches), mr::now);
    for (int i = 0; i < 6; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
    CHECK(run.flush() == mr::status::ok);
    CHECK(spy.running());
    CHECK(spy.passed() == 6);
    spy.detach();
    spy.detach();
    CHECK(!spy.running());
    CHECK(spy.passed() == 6);
    for (int i = 6; i < 8; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
    CHECK(run.flush() == mr::status::ok);
  }
  for (int i = 0; i < 10; ++i) REQUIRE(in.publish(number(1)) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(spied == std::vector<long>{4, 16, 36});
  CHECK(raw == std::vector{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(sum == 4 + 16 + 36 + 64 + 10 * 4);
}

TEST_CASE("finish waits for a tap; stop and what it throws end it") {
  auto const how = GENERATE(0, 1, 2);
  CAPTURE(how);
  std::atomic<int> seen{0};
  auto crew = unpinned(2);
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 8}};
  auto spy = run.attach(mr::tap<"spy">([&](int e, mr::at) {
                          if (how == 2 && e == 3) throw std::runtime_error{"three"};
                          ++seen;
                        }),
                        mr::now);
  {
    auto in = run.input();
    for (int i = 0; i < 100; ++i)
      if (in.publish(number(i)) != mr::status::ok) break;
  }
  if (how == 1) run.stop();
  auto const report = run.finish();
  CHECK(!spy.running());
  REQUIRE(report.taps.size() == 1);
  CHECK(report.taps[0].name == "spy");
  CHECK(report.taps[0].done == seen);
  if (how == 0) {
    CHECK(report.ok());
    CHECK(seen == 100);
  } else if (how == 2) {
    CHECK(seen == 3);
    CHECK(report.failed_stage == "spy");
    CHECK(report.failed_at == 3);
    CHECK_THROWS_AS(report.rethrow(), std::runtime_error);
  }
  auto late = run.attach(mr::tap<"late">([](int) {}), mr::oldest);
  CHECK(!late.running());
}

TEST_CASE("oldest begins with what lies in the ring") {
  std::vector<int> all, later;
  auto crew = unpinned(2);
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 8, .paused = true}};
  auto in = run.input();
  for (int i = 0; i < 5; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  auto a = run.attach(mr::tap<"all">([&](int e) { all.push_back(e); }), mr::oldest);
  auto b = run.attach(mr::after<"event"> | mr::tap<"later">([&](int e) { later.push_back(e); }, mr::on_worker(1)), mr::now);
  run.start();
  REQUIRE(in.publish(number(5)) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(all == std::vector{0, 1, 2, 3, 4, 5});
  CHECK(later == std::vector{5});
}

TEST_CASE("a producer that waits for a tap goes on when the tap goes") {
  auto crew = unpinned(2);
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 2}};
  auto in = run.input();
  std::atomic<bool> inside{false}, go{false};
  auto spy = run.attach(mr::tap<"spy">([&](int) {
                          inside = true, inside.notify_all();
                          go.wait(false);
                        }),
                        mr::now);
  REQUIRE(in.publish(number(0)) == mr::status::ok);
  inside.wait(false);
  REQUIRE(in.publish(number(1)) == mr::status::ok);
  CHECK(in.try_publish(number(2)) == mr::status::would_block);
  bool published = true;
  std::thread producer{[&] {
    for (int i = 0; i < 100; ++i) published = published && in.publish(number(i)) == mr::status::ok;
  }};
  go = true, go.notify_all();
  spy.detach();
  producer.join();
  CHECK(published);
  CHECK(run.finish().ok());
}

TEST_CASE("a source that was one loop over a variable is watched, and then one loop again") {
  std::vector<int> first, second;
  std::atomic<bool> enough{false};
  long count = 0;
  auto crew = unpinned(2);
  mr::runner run{mr::generate([&, i = 0]() mutable -> std::optional<int> { return enough ? std::nullopt : std::optional{i++}; }) | mr::map<"same">([](int i) { return i; }) | mr::tap<"count">([&](int) { ++count; }),
                 crew, {.capacity = 64}};
  for (auto* const v : {&first, &second}) {
    std::atomic<int> seen{0};
    auto spy = run.attach(mr::after<"same"> | mr::tap<"spy">([&](int i) {
                            v->push_back(i);
                            if (++seen == 1000) seen.notify_all();
                          }),
                          v == &first ? mr::now : mr::oldest);
    for (int n = 0; (n = seen.load()) < 1000;) seen.wait(n);
    spy.detach();
  }
  enough = true;
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(consecutive(first));
  CHECK(consecutive(second));
  CHECK(first.back() < second.front());
  CHECK(count == report.published);
}

TEST_CASE("taps of several rings come and go while plans change") {
  constexpr int n = 4000;
  auto crew = unpinned(3);
  std::vector<int> seen;
  mr::runner run{mr::from<int>() | mr::map<"id">([](int e) { return e; }) | mr::expand<"pair">([](int e) { return std::vector<int>{2 * e, 2 * e + 1}; }, mr::ring_of(8)) | mr::map<"same">([](int e) { return e; }) |
                     mr::tap<"see">([&](int e) { seen.push_back(e); }),
                 crew, {.capacity = 16}};
  std::atomic<bool> over{false};
  std::atomic<int> visits{0}, wrong{0};
  auto const visit = [&](auto make) {
    while (!over || visits == 0) {
      std::vector<int> mine;
      {
        auto spy = run.attach(make(mine), visits % 2 == 0 ? mr::now : mr::oldest);
        std::this_thread::yield();
      }
      if (!consecutive(mine)) ++wrong;
      ++visits;
    }
  };
  std::thread a{visit, [](std::vector<int>& v) { return mr::after<"id"> | mr::tap<"a">([&v](int e) { v.push_back(e); }); }};
  std::thread b{visit, [](std::vector<int>& v) { return mr::after<"same"> | mr::tap<"b">([&v](int e) { v.push_back(e); }); }};
  {
    auto in = run.input();
    mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"id", "see"}, {"pair", "same"}}};
    for (int i = 0; i < n; ++i) {
      REQUIRE(in.publish(number(i)) == mr::status::ok);
      if (i % 40 == 0) REQUIRE(run.apply(plans[i / 40 % 3]) == mr::status::ok);
    }
  }
  over = true;
  a.join();
  b.join();
  CHECK(run.finish().ok());
  CHECK(wrong == 0);
  CHECK(seen.size() == 2 * n);
  CHECK(consecutive(seen));
}

TEST_CASE("behind stages that are shared, and behind failures that are left out") {
  std::vector<int> results, batches, fine;
  auto crew = unpinned(3);
  mr::runner run{mr::from<int>() | mr::map<"double">([](int e) { return 2 * e; }, mr::keyed_by([](int e) { return e % 7; })) |
                     mr::tap<"fussy">(
                         [](int e) {
                           if (e % 5 == 0) throw 5;
                         },
                         mr::on_error(mr::skip)),
                 crew, {.capacity = 32, .plan = mr::spread}};
  auto in = run.input();
  for (int i = 0; i < 50; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  auto a = run.attach(mr::after<"double"> | mr::tap<"results">([&](int e) { results.push_back(e); }), mr::now);
  auto b = run.attach(mr::tap<"fine">([&](int e) { fine.push_back(e); }), mr::now);
  auto c = run.attach(mr::tap<"batches">([&](mr::batch<int const> some) { batches.insert(batches.end(), some.begin(), some.end()); }, mr::in_batches), mr::now);
  for (int i = 0; i < 500; ++i) REQUIRE(in.publish(number(i)) == mr::status::ok);
  CHECK(run.finish().left == 0);
  std::vector<int> all, some;
  for (int i = 0; i < 500; ++i) {
    all.push_back(2 * i);
    if (2 * i % 5 != 0) some.push_back(2 * i);
  }
  CHECK(results == all);
  CHECK(fine == some);
  CHECK(batches == some);
}

TEST_CASE("now begins before a claim that is under way among many producers, and before what lies in lanes") {
  std::vector<int> seen;
  auto crew = unpinned(2);
  {
    mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"see">([](int) {}), crew, {.capacity = 8}};
    auto in = run.input();
    auto other = in;
    REQUIRE(other.publish(number(0)) == mr::status::ok);
    CHECK(run.flush() == mr::status::ok);
    auto claim = in.claim(1);
    REQUIRE(other.publish(number(2)) == mr::status::ok);
    auto spy = run.attach(mr::after<"event"> | mr::tap<"spy">([&](int e) { seen.push_back(e); }), mr::now);
    claim[0] = 1;
    REQUIRE(claim.publish() == mr::status::ok);
    CHECK(run.finish().ok());
    CHECK(seen == std::vector{1, 2});
  }
  seen.clear();
  mr::runner run{mr::from<int>(mr::lane_per_producer(2)) | mr::tap<"see">([](int) {}), crew, {.capacity = 8, .paused = true}};
  auto a = run.input(), b = run.input();
  for (int i = 0; i < 2; ++i) REQUIRE(a.publish(number(-1)) == mr::status::ok);
  auto spy = run.attach(mr::after<"event"> | mr::tap<"spy">([&](int e) {
                          if (e > 0) seen.push_back(e);
                        }),
                        mr::now);
  for (int i = 1; i <= 2; ++i) REQUIRE(b.publish(number(i)) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(seen == std::vector{1, 2});
}

TEST_CASE("hooks, snapshot, and how many there may be") {
  struct spy {
    std::string& heard;
    void operator()(int) { heard += 'e'; }
    void on_start() { heard += '('; }
    void on_stop() { heard += ')'; }
  };
  std::string heard;
  auto crew = unpinned(2);
  mr::runner run{mr::from<int>() | mr::tap<"see">([](int) {}), crew, {.capacity = 8}};
  auto in = run.input();
  {
    auto a = run.attach(mr::tap<"spy">(spy{heard}), mr::now);
    REQUIRE(in.publish(2, [](int& e, std::size_t) { e = 1; }) == mr::status::ok);
    CHECK(run.flush() == mr::status::ok);
    auto const m = mr::snapshot(run);
    REQUIRE(m.stages.size() == 2);
    CHECK(m.stages[1].name == "spy");
    CHECK(m.stages[1].events == 2);
    CHECK(m.stages[1].worker == 1);
    mr::attached b;
    b.detach();
    b = std::move(a);
  }
  CHECK(heard == "(ee)");
  std::vector<mr::attached> all;
  for (int i = 0; i < 8; ++i) all.push_back(run.attach(mr::tap<"one">([](int) {}), mr::now));
  CHECK_THROWS_AS(run.attach(mr::tap<"more">([](int) {}), mr::now), mr::bad_call);
  CHECK_THROWS_AS(run.attach(mr::tap<"where">([](int) {}, mr::on_worker(7)), mr::now), mr::bad_call);
  all.clear();
  CHECK(run.finish().ok());
}
