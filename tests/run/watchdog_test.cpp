// SPDX-License-Identifier: MIT
// A stage that stands still is found, with who has it; on one thread and a clock that only moves when it is told to.
#include <millrace/run/watchdog.hpp>

#include <optional>
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

/// Looks while it is inside the handler.
struct looks {
  std::vector<mr::stall> (*look)(void*);
  void* at;
  std::vector<mr::stall>* found;
  void operator()(int const& v) const {
    if (v != 5) return;
    static_cast<void>(look(at));
    fake::now_is.time += 3 * ms;
    *found = look(at);
  }
};

}  // namespace

TEST_CASE("a stage that is inside its handler") {
  fake::begin();
  using runner = mr::runner<decltype(mr::from<int>() | mr::tap<"deep">(looks{})), fake>;
  std::vector<mr::stall> found;
  std::optional<decltype(std::declval<runner&>().watchdog())> dog;
  auto const look = [](void* d) { return (*static_cast<decltype(dog)*>(d))->look(milliseconds{2}); };
  auto crew = own_crew(1);
  runner run{mr::from<int>() | mr::tap<"deep">(looks{look, &dog, &found}), crew, {.capacity = 16, .batch = 1}};
  dog.emplace(run.watchdog());
  auto in = run.input();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(in.publish([&](int& v) { v = i; }) == mr::status::ok);
    run.work_some();
    CHECK(dog->look(milliseconds{0}).empty());  // all is done
  }
  REQUIRE(in.publish([](int& v) { v = 5; }) == mr::status::ok);
  run.work_some();
  REQUIRE(found.size() == 1);
  CHECK(found[0].stage == "deep");
  CHECK(found[0].last == "deep");
  CHECK(found[0].at == 5);
  CHECK(found[0].worker == 0);
  CHECK(found[0].held);
  CHECK(found[0].in_handler);
  CHECK(found[0].since >= milliseconds{3});
  CHECK(mr::text(found[0]).find("stage deep stands before event 5") == 0);
  CHECK(dog->look(milliseconds{0}).empty());
}

TEST_CASE("stages that nobody works for, and those that wait for them") {
  fake::begin();
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}), crew, {.capacity = 4, .plan = mr::spread}};
  auto dog = run.watchdog();
  fake::now_is.time += 10 * ms;
  CHECK(dog.look(milliseconds{1}).empty());  // there are no events
  auto in = run.input();
  REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
  CHECK(dog.look(milliseconds{1}).empty());  // it has waited for events before
  fake::now_is.time += 10 * ms;
  auto found = dog.look(milliseconds{1});
  REQUIRE(found.size() == 1);  // b waits for a
  CHECK(found[0].stage == "a");
  CHECK(found[0].worker == 0);
  CHECK(!found[0].held);
  CHECK(!found[0].in_handler);
  run.work_some(0);
  CHECK(dog.look(milliseconds{1}).empty());
  fake::now_is.time += 10 * ms;
  found = dog.look(milliseconds{1});
  REQUIRE(found.size() == 1);
  CHECK(found[0].stage == "b");
  CHECK(found[0].worker == 1);
  CHECK(run.finish().ok());
  CHECK(dog.look(milliseconds{0}).empty());
}

TEST_CASE("a stage that waits for room behind it does not stand still, nor does a runner that is paused") {
  fake::begin();
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>() | mr::expand<"two">([](int v) { return std::vector<int>{v, v}; }, mr::ring_of(2)) | mr::tap<"b">([](int) {}), crew,
                 {.capacity = 4, .plan = mr::spread, .paused = true}};
  auto dog = run.watchdog();
  auto in = run.input();
  for (int i = 0; i < 3; ++i) REQUIRE(in.publish([](int& v) { v = 1; }) == mr::status::ok);
  fake::now_is.time += 10 * ms;
  CHECK(dog.look(milliseconds{1}).empty());
  run.start();
  run.work_some(0);
  CHECK(dog.look(milliseconds{1}).empty());
  fake::now_is.time += 10 * ms;
  auto const found = dog.look(milliseconds{1});
  REQUIRE(found.size() == 1);
  CHECK(found[0].stage == "b");
}

TEST_CASE("a stage that waits for parts of an event to pass the next ring does not stand still") {
  fake::begin();
  auto crew = own_crew(2);
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies_on<fake>) | mr::expand<"two">([](int v) { return std::vector<int>{v, v}; }) | mr::tap<"b">([](int) {}), crew, {.plan = mr::spread}};
  auto dog = run.watchdog();
  auto in = run.input();
  auto f = in.submit(1);
  auto const look = [&] {
    static_cast<void>(dog.look(milliseconds{1}));
    fake::now_is.time += 10 * ms;
    return dog.look(milliseconds{1});
  };
  run.work_some(0);
  auto found = look();
  REQUIRE(found.size() == 1);
  CHECK(found[0].stage == "b");
  run.work_some(1);
  CHECK_FALSE(f.ready());
  found = look();
  REQUIRE(found.size() == 1);
  CHECK(found[0].stage == "replies");
  run.work_some(0);
  CHECK(f.get() == 2);
}
