// SPDX-License-Identifier: MIT
// Replies to events that are expanded: when all of their parts have passed.
#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/detached.hpp"

namespace mr = millrace;

namespace {

/// As many parts as `n` says.
auto parts_of(int n) -> std::vector<int> { return std::vector<int>(static_cast<std::size_t>(n), n); }

}  // namespace

TEST_CASE("an event that is expanded is replied to when all of its parts have passed, with their number") {
  auto const plan = GENERATE(0, 1);
  auto const slots = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{256});
  long sum = 0;  // plain: the reply orders it
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::change<"mod">([](int& n) { n %= 10; }) | mr::expand<"parts">(parts_of, mr::ring_of(4)) | mr::map<"one">([](int n) { return n / 9 + 1; }) |
                     mr::tap<"count">([&](int, int one) { sum += one; }, mr::takes<"event", "one">),
                 {.capacity = slots, .plan = plan == 0 ? mr::fused : mr::spread}};
  auto in = run.input();
  long want = 0;
  for (int n = 0; n < 300; ++n) {
    REQUIRE(in.submit(n).get() == n % 10);
    want += n % 10 == 9 ? 18 : n % 10;
    REQUIRE(sum == want);
  }
  CHECK(run.finish().ok());
}

TEST_CASE("parts: one producer, many under way, while plans change") {
  long sum = 0;
  mr::runner run{mr::from<int>(mr::replies) | mr::expand<"parts">([](int n) { return parts_of(n % 5); }) | mr::change<"a">([](int& n) { n += 1; }, mr::stateless) | mr::filter<"some">([](int n) { return n % 2 == 0; }) | mr::tap<"sum">([&](int n) { sum += n; }),
                 {.capacity = 64}};
  bool all_taken = true;
  std::thread other{[&] {
    for (int i = 0; i < 200; ++i) {
      all_taken = run.apply(i % 2 == 0 ? mr::spread : mr::fused) == mr::status::ok && all_taken;
      std::this_thread::yield();
    }
  }};
  auto in = run.input();
  std::array<mr::future<std::int64_t>, 16> under_way;
  for (int n = 0; n < 5'000; ++n) {
    auto& f = under_way[static_cast<std::size_t>(n % 16)];
    if (f.valid()) REQUIRE(f.get() == (n - 16) % 5);
    f = in.submit(n);
    if (n % 3 == 0) REQUIRE(in.publish([](int& e) { e = 3; }) == mr::status::ok);
  }
  other.join();
  CHECK(all_taken);
  CHECK(run.finish().ok());
}

TEST_CASE("parts: none, filtered before, failed at the stage that expands, and parts that end in the next ring") {
  auto const plan = GENERATE(0, 1);
  int aside = 0, kept = 0;
  auto const picky = [](int n) { return n == 13 ? throw std::runtime_error{"thirteen"} : parts_of(n); };
  auto const run_it = [&](auto policy) {
    mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::filter<"not negative">([](int n) { return n >= 0; }) | mr::expand<"parts">(picky, policy) | mr::filter<"odd">([](int n) { return n % 2 == 1; }) |
                       mr::tap<"keep">([&](int n) { n == 5 ? throw std::logic_error{"five"} : ++kept; }, mr::on_error(mr::skip)),
                   {.plan = plan == 0 ? mr::fused : mr::spread}};
    auto in = run.input();
    CHECK(in.submit(0).get() == 0);
    CHECK(in.submit(3).get() == 3);
    CHECK(kept == 3);
    CHECK(in.submit(4).get() == 4);  // a filter takes all of them
    CHECK(in.submit(5).get() == 5);  // and these fail, which is their stage's affair
    CHECK(kept == 3);
    CHECK(in.submit(-1).take().stage() == "not negative");
    CHECK_THROWS_WITH(in.submit(13).get(), "thirteen");
    CHECK_THROWS_AS(in.submit([](int&) { throw std::logic_error{"no"}; }), std::logic_error);
    CHECK(in.submit(1).get() == 1);
    CHECK(run.finish().ok());
  };
  SECTION("skipped") { run_it(mr::on_error(mr::skip)); }
  SECTION("diverted") {
    run_it(mr::on_error(mr::divert<"aside">([&](int, std::exception_ptr const&) { ++aside; })));
    CHECK(aside == 1);
  }
}

TEST_CASE("parts: what waits for an acknowledgement has not passed") {
  std::atomic<int> logged{0};
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::expand<"parts">(parts_of) | mr::tap<"log">([&](int) { ++logged; }, mr::manual_ack)};
  auto in = run.input();
  auto f = in.submit(3);
  auto last = in.submit(2);
  while (logged < 5) std::this_thread::yield();
  CHECK_FALSE(f.ready());
  run.acknowledge<"log">(1);
  CHECK_FALSE(f.wait_for(std::chrono::nanoseconds{0}));
  run.acknowledge<"log">(2);
  CHECK(f.get() == 3);
  CHECK_FALSE(last.ready());
  run.acknowledge<"log">(4);
  CHECK(last.get() == 2);
  CHECK(run.finish().ok());
}

TEST_CASE("parts: who waits is told that it was stopped, by a stop, by an end, by a part that stops all") {
  auto const way = GENERATE(0, 1, 2);
  std::optional<mr::future<std::int64_t>> first, second;
  {
    mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::expand<"parts">(parts_of) | mr::tap<"strict">([way](int n) { if (way == 2 && n == 2) throw std::runtime_error{"two"}; }), {.paused = true}};
    auto in = run.input();
    first.emplace(in.try_submit(1)), second.emplace(in.try_submit(2));
    if (way == 0) run.stop();
    if (way == 2) {
      run.start();
      CHECK(first->get() == 1);
      CHECK(second->take().how() == mr::ending::stopped);
      CHECK(run.finish().failed_stage == "strict");
    }
  }
  if (way != 2) {
    CHECK(first->take().how() == mr::ending::stopped);
    CHECK(second->take().how() == mr::ending::stopped);
  }
}

TEST_CASE("parts: coroutines") {
  mr::loop loop;
  int made = 0;
  std::int64_t sum = 0;
  mr::runner run{mr::from<int>(mr::many_producers, mr::replies) | mr::expand<"parts">([&](int n) { return ++made, parts_of(n); }) | mr::tap<"see">([](int) {}), {.paused = true}};
  auto in = run.input();
  int left = 2;
  auto const ask = [&](int n) -> support::detached {
    auto r = co_await in.on(loop).async([n](int& e) { e = n; });
    sum += *r;
    if (--left == 0) loop.stop();
  };
  ask(3);
  ask(4);
  run.start();
  loop.run();
  CHECK(sum == 7);
  CHECK(run.finish().ok());
  CHECK(made == 2);
}

TEST_CASE("parts: without a runner nobody waits") {
  long sum = 0;
  auto pipeline = mr::from<int>(mr::many_producers, mr::replies) | mr::expand<"parts">(parts_of) | mr::tap<"sum">([&](int n) { sum += n; });
  CHECK(mr::run_inline(pipeline, std::vector<int>{1, 2, 3}) == 3);
  CHECK(sum == 14);
}
