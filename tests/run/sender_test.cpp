// SPDX-License-Identifier: MIT
// Runners whose stages publish into other runners.
#include <millrace/run/sender.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;
using mr::status;

namespace {

auto const writes = [](long n) { return [n](long& v) { v = n; }; };
auto one_crew(std::size_t n) { return mr::workers{{.max = n, .place = {.pin = false}}}; }

/// Each once, in order.
struct in_order {
  long next = 0;
  bool right = true;
  void operator()(long v) { right = right && v == next++; }
};
auto into(in_order& o) {
  return mr::tap<"see">([&o](long v) { o(v); });
}

template <typename Run>
void publish(Run& run, long n) {
  auto in = run.input();
  long i = 0;
  while (i < n && in.publish(writes(i)) == status::ok) ++i;
}

/// A handle that has room for so many of each publish, and tells what it got.
template <typename Event, bool Drops = false>
struct fake_input {
  using event = Event;
  struct engine {
    using platform = mr::std_platform;
  };
  struct ring {
    static constexpr bool waits_beside = false;
    struct policy {
      static constexpr bool answers = Drops;
    } overflow;
  };
  std::vector<std::size_t> rooms;
  std::vector<std::vector<Event>>* got;
  status when_full = status::would_block;

  [[nodiscard]] static auto place() -> mr::landing<engine, ring> { return {nullptr, nullptr}; }
  template <typename Fill>
  auto try_publish_up_to(std::size_t n, Fill fill) -> mr::published {
    auto const room = rooms.empty() ? 0 : rooms.front();
    if (!rooms.empty()) rooms.erase(rooms.begin());
    if (n > room) n = room;
    if (n == 0) return {when_full, 0};
    got->emplace_back(n);
    for (std::size_t k = 0; k < n; ++k) fill(got->back()[k], k);
    return {status::ok, n};
  }
  template <typename Fill>
  auto try_publish(Fill fill) -> status { return try_publish_up_to(1, [&](Event& e, std::size_t) { fill(e); }).what; }
};
template <typename Event>
struct counting {
  Event last{};
  int calls = 0;
  auto operator()() -> Event const& { return ++calls, last += 1; }
};

}  // namespace

TEST_CASE("a sender sends as many at once as there is room for") {
  std::vector<std::vector<long>> got;
  mr::sender<fake_input<long>> to{{{3, 0, 8}, &got}};
  counting<long> next;
  CHECK(to.send(5, std::ref(next)));
  CHECK(next.calls == 3);
  CHECK(!to.send(2, std::ref(next)));
  CHECK(to.send(2, std::ref(next)));
  CHECK(got == std::vector<std::vector<long>>{{1, 2, 3}, {4, 5}});
}

TEST_CASE("what may throw when it is copied is sent one by one") {
  std::vector<std::vector<std::string>> got;
  mr::sender<fake_input<std::string>> to{{{8, 8, 0}, &got}};
  int calls = 0;
  auto const next = [&, s = std::string{"x"}]() mutable -> std::string const& { return ++calls, s; };
  CHECK(to.send(5, next));
  CHECK(to.send(4, next));
  CHECK(!to.send(3, next));
  CHECK(got == std::vector<std::vector<std::string>>{{"x"}, {"x"}});
  CHECK(calls == 2);
}

TEST_CASE("what is dropped has been sent, and nobody has asked for it; a closed runner is an error") {
  std::vector<std::vector<long>> got;
  counting<long> next;
  mr::sender<fake_input<long, true>> drops{{{}, &got, GENERATE(status::dropped, status::would_block)}};
  CHECK(drops.send(5, std::ref(next)));
  mr::sender<fake_input<long>> closed{{{}, &got, GENERATE(status::closed, status::refused)}};
  CHECK_THROWS_AS(closed.send(5, std::ref(next)), mr::runner_closed);
  CHECK(next.calls == 0);
}

TEST_CASE("of a batch that has room for a part the rest goes on later; a filter and failures before it leave their events out") {
  auto const capacity = GENERATE(std::size_t{1}, 2, 16, 256);
  CAPTURE(capacity);
  std::vector<long> seen, behind;
  auto crew = one_crew(1), other = one_crew(1);
  mr::runner b{mr::from<long>(mr::many_producers) | mr::tap<"see">([&](long v) { seen.push_back(v); }), other, {.capacity = capacity}};
  mr::runner a{mr::from<long>() | mr::tap<"picky">([](long v) { if (v % 7 == 3) throw v; }, mr::on_error(mr::skip)) | mr::filter<"odd">([](long v) { return v % 2 != 0; }) |
                   mr::into<"b">(b.input()) | mr::tap<"behind">([&](long v) { behind.push_back(v); }),
               crew, {.capacity = 64}};
  publish(a, 1'000);
  CHECK(a.finish().ok());
  CHECK(b.finish().ok());
  std::vector<long> expected;
  for (long v = 1; v < 1'000; v += 2)
    if (v % 7 != 3) expected.push_back(v);
  CHECK(seen == expected);
  CHECK(behind == expected);
}

TEST_CASE("into another runner: each event once, in order, on one crew and on two, while plans change") {
  auto const capacity = GENERATE(std::size_t{1}, 2, 64);
  bool const shared = GENERATE(true, false);
  auto const wait = GENERATE(as<mr::wait_policy>{}, mr::blocking, mr::wait_policy{}, mr::sleeping);
  CAPTURE(capacity, shared);
  long const n = capacity == 1 ? 300 : 3'000;
  in_order before, behind;
  auto first = one_crew(2), second = one_crew(2);
  mr::runner b{mr::from<long>() | mr::change<"first">([](long&) {}) | into(behind), shared ? first : second, {.capacity = capacity, .wait = wait}};
  mr::runner a{mr::from<long>() | mr::map<"half">([](long v) { return v / 2; }, mr::takes<"event">) | mr::map<"whole">([](long h, long v) { return v - h * 2 + h * 2; }, mr::takes<"half", "event">)
                   | mr::into<"b">(b.input()) | mr::tap<"before">([&](long v) { before(v); }),
               first, {.capacity = capacity, .batch = 7, .wait = wait}};
  std::atomic<bool> over{false};
  std::thread changer{[&] {
    for (int i = 0; !over; ++i) {
      static_cast<void>(a.apply(i % 2 == 0 ? mr::grouping{mr::spread} : mr::grouping{mr::fused}));
      static_cast<void>(b.apply(i % 3 == 0 ? mr::grouping{mr::spread} : mr::grouping{mr::fused}));
      std::this_thread::sleep_for(200us);
    }
  }};
  publish(a, n);
  auto const r = a.finish();
  CHECK((r.ok() && r.done == n));
  CHECK(b.flush() == status::ok);  // the events are there when finish() has returned, and the other runner goes on
  CHECK(behind.next == n);
  CHECK(b.finish().done == n);
  over = true;
  changer.join();
  CHECK((before.right && before.next == n && behind.right));
}

TEST_CASE("three in a row with one slot each, on a crew of one worker") {
  constexpr long n = 2'000;
  in_order seen;
  auto crew = one_crew(1);
  mr::runner c{mr::from<long>() | into(seen), crew, {.capacity = 1}};
  mr::runner b{mr::from<long>() | mr::into<"to c">(c.input()), crew, {.capacity = 1}};
  mr::runner a{mr::from<long>() | mr::into<"to b">(b.input()), crew, {.capacity = 1}};
  publish(a, n);
  CHECK(a.finish().done == n);
  CHECK(b.finish().done == n);
  CHECK(c.finish().done == n);
  CHECK((seen.right && seen.next == n));
}

TEST_CASE("three in a row on a crew each, and the last is slow to start") {
  in_order seen;
  auto one = one_crew(1), two = one_crew(1), three = one_crew(1);
  mr::runner c{mr::from<long>() | into(seen), three, {.capacity = 1, .wait = mr::blocking, .paused = true}};
  mr::runner b{mr::from<long>() | mr::into<"to c">(c.input()), two, {.capacity = 1, .wait = mr::blocking}};
  mr::runner a{mr::from<long>() | mr::into<"to b">(b.input()), one, {.capacity = 1, .wait = mr::blocking}};
  publish(a, 3);
  CHECK(a.flush_within(1ms) == status::would_block);
  c.start();
  CHECK(a.finish().done == 3);
  CHECK(b.finish().done == 3);
  CHECK(c.finish().done == 3);
  CHECK((seen.right && seen.next == 3));
}

TEST_CASE("two stages beside each other publish into two runners; filters decide what gets there") {
  std::vector<long> even, all;
  auto crew = one_crew(2), other = one_crew(1);
  mr::runner x{mr::from<long>() | mr::tap<"see">([&](long v) { even.push_back(v); }), crew, {.capacity = 2}};
  mr::runner y{mr::from<long>() | mr::tap<"see">([&](long v) { all.push_back(v); }), other, {.capacity = 2}};
  mr::runner a{mr::from<long>() | mr::fan_out(mr::filter<"even">([](long v) { return v % 2 == 0; }) | mr::into<"x">(x.input()), mr::into<"y">(y.input())), crew,
               {.capacity = 4, .plan = mr::spread}};
  publish(a, 100);
  CHECK(a.finish().ok());
  CHECK(x.finish().done == 50);
  CHECK(y.finish().done == 100);
  CHECK((even.size() == 50 && even[49] == 98 && all[99] == 99));
}

TEST_CASE("many into one: as handles of one ring, and as lanes") {
  constexpr long n = 3'000;
  auto const both = [&](auto way) {
    long sum = 0;
    auto crew = one_crew(1), other = one_crew(2);
    mr::runner b{mr::from<long>(way) | mr::tap<"sum">([&](long v) { sum += v; }), crew, {.capacity = 2}};
    mr::runner a{mr::from<long>() | mr::into<"b">(b.input()), crew, {.capacity = 4}};
    mr::runner c{mr::from<long>() | mr::into<"b">(b.input()), other, {.capacity = 4}};
    std::thread t{[&] { publish(c, n); }};
    publish(a, n);
    t.join();
    CHECK(a.finish().done == n);
    CHECK(c.finish().done == n);
    CHECK(b.finish().done == 2 * n);
    CHECK(sum == n * (n - 1));
  };
  both(mr::many_producers);
  both(mr::lane_per_producer(2));
}

TEST_CASE("workers of eight other crews may publish into a runner, not of nine") {
  mr::runner b{mr::from<long>(mr::many_producers) | mr::tap<"see">([](long) {})};
  auto const sentence = [&] { return mr::from<long>() | mr::into<"b">(b.input()); };
  std::vector<std::unique_ptr<mr::workers>> crews;
  for (int i = 0; i < 9; ++i) crews.push_back(std::make_unique<mr::workers>(one_crew(1)));
  for (int i = 0; i < 8; ++i) {
    mr::runner a{sentence(), *crews[static_cast<std::size_t>(i)]};
    publish(a, 3);
    CHECK(a.finish().done == 3);
  }
  for (int again = 0; again < 2; ++again) CHECK_THROWS_AS((mr::runner{sentence(), *crews[8]}), mr::bad_call);
  mr::runner known{sentence(), *crews[0]};
  publish(known, 3);
  CHECK(known.finish().done == 3);
  CHECK(b.finish().done == 27);
}

TEST_CASE("the other runner has ended: the stage fails, and the report says so") {
  in_order seen;
  std::optional<mr::runner<decltype(mr::whole(mr::from<long>() | into(seen)))>> b;
  b.emplace(mr::from<long>() | into(seen), mr::runner_options{.capacity = 2});
  mr::runner a{mr::from<long>() | mr::into<"b">(b->input()), {.capacity = 8, .paused = true}};
  publish(a, 3);
  SECTION("finished") { CHECK(b->finish().ok()); }
  SECTION("stopped") { b->stop(); }
  SECTION("gone") { b.reset(); }
  auto const r = a.finish();
  CHECK_THROWS_AS(r.rethrow(), mr::runner_closed);
  CHECK((r.failed_stage == "b" && r.failed_at == 0 && r.left == 3));
}

TEST_CASE("the other runner stops while the stage waits for room there") {
  bool const shared = GENERATE(true, false);
  auto crew = one_crew(1), other = one_crew(1);
  in_order seen;
  mr::runner b{mr::from<long>() | into(seen), shared ? crew : other, {.capacity = 1, .wait = mr::blocking, .paused = true}};
  mr::runner a{mr::from<long>() | mr::into<"b">(b.input()), crew, {.capacity = 8, .wait = mr::blocking}};
  publish(a, 3);
  while (mr::snapshot(b).events.published == 0) std::this_thread::yield();
  CHECK(a.flush_within(1ms) == status::would_block);
  b.stop();
  CHECK_THROWS_AS(a.finish().rethrow(), mr::runner_closed);
}

TEST_CASE("if its errors are skipped, or diverted, the stage goes on without the other runner") {
  std::vector<long> lost;
  mr::runner b{mr::from<long>() | mr::tap<"see">([](long) {})};
  mr::runner c{mr::from<long>() | mr::tap<"see">([](long) {})};
  mr::runner a{mr::from<long>()
               | mr::fan_out(mr::into<"b">(b.input(), mr::on_error(mr::skip)),
                             mr::into<"c">(c.input(), mr::on_error(mr::divert<"lost">([&](long v, std::exception_ptr const&) { lost.push_back(v); }))))};
  b.stop();
  CHECK(c.finish().ok());
  publish(a, 5);
  auto const r = a.finish();
  CHECK((r.ok() && r.failed == 10 && r.done == 5));
  CHECK(lost == std::vector<long>{0, 1, 2, 3, 4});
}

TEST_CASE("a full runner that drops: the stage goes on") {
  std::vector<long> seen;
  mr::runner b{mr::from<long>(mr::on_full(mr::drop_oldest, 2)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), {.capacity = 2, .paused = true}};
  mr::runner c{mr::from<long>(mr::on_full(mr::refuse)) | mr::tap<"see">([](long) {}), {.capacity = 2, .paused = true}};
  mr::runner a{mr::from<long>() | mr::into<"b">(b.input()) | mr::into<"c">(c.input())};
  publish(a, 9);
  CHECK(a.finish().ok());
  CHECK(b.finish().dropped == 5);
  CHECK(c.finish().refused == 7);
  CHECK(seen == std::vector<long>{0, 1, 7, 8});
}

TEST_CASE("without room it is stopped as any stage, and no watchdog barks") {
  auto crew = one_crew(1), other = one_crew(1);
  mr::runner b{mr::from<long>() | mr::tap<"see">([](long) {}), other, {.capacity = 1, .paused = true}};
  mr::runner a{mr::from<long>() | mr::into<"b">(b.input()), crew, {.capacity = 8}};
  auto dog = a.watchdog();
  publish(a, 3);
  CHECK(a.flush_within(20ms) == status::would_block);
  static_cast<void>(dog.look(0ns));
  CHECK(dog.look(0ns).empty());
  CHECK(mr::snapshot(a).stages[0].blocked > 0);
  auto const r = a.finish_within(1ms);
  CHECK((r.stopped && r.done == 1 && r.left == 2 && r.stuck.empty()));
  CHECK(b.finish().done == 1);
}

TEST_CASE("own threads: whoever works lets events through both") {
  in_order seen;
  mr::workers crew{{.max = 1, .own_threads = true}};
  mr::runner b{mr::from<long>() | into(seen), crew, {.capacity = 2}};
  mr::runner a{mr::from<long>() | mr::into<"b">(b.input()), crew, {.capacity = 16}};
  publish(a, 10);
  CHECK(a.flush() == status::ok);
  CHECK(b.flush() == status::ok);
  CHECK(seen.next == 10);
}

TEST_CASE("what is made on the way is copied, and destroyed once; a copy that throws is an error of the stage") {
  auto const throws_at = GENERATE(0L, 3L);
  support::counted::begin();
  {
    mr::runner b{mr::from<support::counted>() | mr::tap<"see">([](support::counted const&) {}), {.capacity = 4}};
    mr::runner a{mr::from<int>() | mr::map<"make">([](int n) { return support::counted{n}; }) | mr::into<"b">(b.input()), {.capacity = 4}};
    auto in = a.input();
    CHECK(in.publish([](int& n) { n = 1; }) == status::ok);
    CHECK(a.flush() == status::ok);
    support::counted::plan = support::failure_plan{throws_at};
    for (int i = 0; i < 5; ++i)
      if (in.publish([](int& n) { n = 1; }) != status::ok) break;
    auto const r = a.finish();
    CHECK((r.error != nullptr) == (throws_at != 0));
    auto const rb = b.finish();
    CHECK((throws_at != 0 || rb.done == 6));
  }
  CHECK((support::counted::alive() == 0 && support::counted::wrong == 0));
}
