// SPDX-License-Identifier: MIT
// Runners that find their plans by themselves. What is decided is tested in tests/plan and tests/simulated; here, that it is carried
// out, and that nothing suffers from it.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <millrace.hpp>
#include <millrace/run/schedule.hpp>

#include "support/catch.hpp"
#include "support/restless.hpp"

namespace mr = millrace;

namespace {

auto two() -> mr::workers { return mr::workers{{.max = 2, .place = {.pin = false}}}; }

}  // namespace

TEST_CASE("a worker carries out what the scheduler decides, while events flow") {
  auto crew = two();
  std::int64_t next = 0, wrong = 0;
  mr::runner run{mr::from<std::int64_t>() | mr::map<"a">([](std::int64_t n) { return n * 2; }) | mr::tap<"b">([&](std::int64_t n) { wrong += n != 2 * next++; }), crew};
  mr::plan split{2, 2};
  split.give(1, 0, 1), split.give(0, 1, 1);
  mr::schedule_options wanted;
  wanted.fixed = split;
  auto const pilot = mr::schedule(run, wanted);
  auto in = run.input();
  std::int64_t n = 0;
  while (!(run.current_plan() == split)) REQUIRE(in.publish([&](std::int64_t& e) { e = n++; }) == mr::status::ok);
  for (int i = 0; i < 1000; ++i) REQUIRE(in.publish([&](std::int64_t& e) { e = n++; }) == mr::status::ok);
  auto const r = run.finish();
  CHECK(r.ok());
  CHECK(next == n);
  CHECK(wrong == 0);
  REQUIRE(pilot->decisions().size() == 1);
  CHECK(pilot->decisions()[0].why == mr::scheduling::reason::fixed_plan);
  CHECK(pilot->error() == nullptr);
}

TEST_CASE("a scheduler that never rests loses nothing, and keeps what keys have") {
  constexpr std::int64_t most = 3'000'000, keys = 31;
  struct counter {
    std::int64_t seen[keys] = {};
    auto operator()(std::int64_t x) -> std::int64_t { return seen[x % keys]++ * keys + x % keys; }  // the event again, if all of its key came in order
  };
  auto crew = two();
  std::int64_t made = 0, next = 0, wrong = 0;
  std::shared_ptr<mr::scheduler const> pilot;
  auto const until_it_has_changed_often = [&]() -> std::optional<std::int64_t> {
    if (made % 4096 == 4095 && (made >= most || pilot->remembers().before.changes > 10)) return {};
    return made++;
  };
  mr::runner run{mr::generate(until_it_has_changed_often) |
                     mr::map<"free">([](std::int64_t x) { return x + 0; }, mr::stateless) |
                     mr::map<"keyed">(counter{}, mr::keyed_by([](std::int64_t x) { return x % keys; })) |
                     mr::tap<"last">([&](std::int64_t x) { wrong += x != next++; }),
                 crew, {.capacity = 256, .paused = true}};
  pilot = mr::schedule(run, support::restless());
  auto const r = run.finish();
  CHECK(r.ok());
  CHECK(next == made);
  CHECK(pilot->remembers().before.changes > 0);
  CHECK(wrong == 0);
  if (pilot->error() != nullptr) CHECK_NOTHROW(std::rethrow_exception(pilot->error()));
}

TEST_CASE("advice is not carried out") {
  auto crew = two();
  std::int64_t made = 0, seen = 0;
  mr::runner run{mr::generate([&]() -> std::optional<std::int64_t> { return made == 100'000 ? std::optional<std::int64_t>{} : made++; }) |
                     mr::map<"a">([](std::int64_t x) { return x; }) | mr::tap<"b">([&](std::int64_t) { ++seen; }),
                 crew, {.paused = true}};
  auto const before = run.current_plan();
  auto o = support::restless();
  o.advice_only = true;
  auto const pilot = mr::schedule(run, o);
  CHECK(run.finish().ok());
  CHECK(run.current_plan() == before);
  CHECK(seen == 100'000);
  for (auto const& d : pilot->decisions()) CHECK(d.advice);
}

TEST_CASE("a runner has one scheduler, which may outlive it and can be asked to repeat itself") {
  std::shared_ptr<mr::scheduler const> pilot;
  {
    auto crew = two();
    mr::runner run{mr::from<std::int64_t>() | mr::map<"a">([](std::int64_t n) { return n; }) | mr::tap<"b">([](std::int64_t) {}), crew};
    pilot = mr::schedule(run, support::restless());
    CHECK_THROWS_AS(mr::schedule(run), mr::bad_call);
    auto in = run.input();
    while (pilot->remembers().told.stages.empty()) REQUIRE(in.publish([](std::int64_t& e) { e = 1; }) == mr::status::ok);
    CHECK(run.finish().ok());
  }
  auto const known = pilot->remembers();
  CHECK(known.told.stages.size() == 2);
  auto h = known.before;
  auto const again = mr::scheduling::replay(mr::scheduling::to_text(known.told), mr::scheduling::to_text(known.before));
  CHECK(again.why == mr::scheduling::decide(known.told, h).why);
}

TEST_CASE("a scheduler that would do nothing but look is refused") {
  auto crew = two();
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}), crew};
  auto o = support::restless();
  for (double const period : {0.0, -1.0, 1e-7}) {
    o.tuned.period = period;
    CHECK_THROWS_AS(mr::schedule(run, o), mr::bad_call);
  }
  o.tuned.period = 0.02, o.tuned.longest_period = 0.01;
  CHECK_THROWS_AS(mr::schedule(run, o), mr::bad_call);
}

TEST_CASE("a plan that cannot be right is refused, and the runner goes on with the one that it has") {
  auto crew = two();
  std::int64_t n = 0, seen = 0;
  mr::runner run{mr::from<std::int64_t>() | mr::tap<"a">([&](std::int64_t) { ++seen; }), crew};
  auto o = support::restless();
  o.fixed = mr::plan{2, 1};  // gives nothing to anybody
  auto const pilot = mr::schedule(run, o);
  auto in = run.input();
  for (; pilot->error() == nullptr; ++n) REQUIRE(in.publish([&](std::int64_t& e) { e = n; }) == mr::status::ok);
  CHECK_THROWS_AS(std::rethrow_exception(pilot->error()), mr::bad_plan);
  CHECK(run.finish().ok());
  CHECK(seen == n);
}

TEST_CASE("workers of a pool have all its lanes, and the model takes each for a part of them") {
  mr::workers crew{{.max = 2, .own_threads = true}};
  mr::runner run{mr::from<std::int64_t>() | mr::map<"free">([](std::int64_t n) { return n; }, mr::stateless) | mr::tap<"last">([](std::int64_t) {}), crew, {.plan = mr::groups{{"free"}, {"free", "last"}}}};
  auto o = support::restless();
  o.advice_only = true;
  auto const pilot = mr::schedule(run, o);
  while (pilot->remembers().told.stages.empty()) run.work_some();
  auto const carried = run.current_plan(), known = pilot->remembers().before.now;
  CHECK(carried.lanes(0, 0) == ~mr::lane_mask{0});
  CHECK(carried.lanes(1, 0) == ~mr::lane_mask{0});
  CHECK(known.lanes(0, 0) == 0xffffffff);
  CHECK(known.lanes(1, 0) == 0xffffffff00000000);
  run.stop();
}

TEST_CASE("events that found no room are asked for too") {
  mr::workers crew{{.max = 1, .own_threads = true}};
  mr::runner run{mr::from<std::int64_t>(mr::on_full(mr::drop_newest)) | mr::tap<"a">([](std::int64_t) {}), crew, {.capacity = 2}};
  auto const pilot = mr::schedule(run, support::restless());
  auto in = run.input();
  for (int i = 0; i < 8; ++i) CHECK(in.publish([](std::int64_t& e) { e = 1; }) == (i < 2 ? mr::status::ok : mr::status::dropped));
  while (pilot->remembers().told.stages.empty()) run.work_some();
  REQUIRE(pilot->remembers().told.producers.size() == 1);
  CHECK(pilot->remembers().told.producers[0].published == 2);
  CHECK(pilot->remembers().told.producers[0].blocked == 0.75);
  run.stop();
}
