// SPDX-License-Identifier: MIT
// Rings beside which events wait.
#include <millrace/run/overflow_input.hpp>

#include <array>
#include <atomic>
#include <latch>
#include <memory>
#include <numeric>
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
using support::counted;

namespace {

using numbers = std::vector<long>;
auto const writes = [](long n) { return [n](long& v) { v = n; }; };
mr::runner_options const paused_with_two{.capacity = 2, .paused = true};

struct quote {
  std::string symbol;
  int price = 0;
};

struct no_default {
  explicit no_default(int v) : value{std::make_unique<int>(v)} {}
  std::unique_ptr<int> value;
};

}  // namespace

TEST_CASE("drop oldest: the newest wait in order, the oldest of them is dropped and counted, what is in the ring stays") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 4)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  auto in = run.input();
  for (long n = 0; n < 10; ++n) CHECK(in.publish(writes(n)) == status::ok);
  auto const now = mr::snapshot(run);
  CHECK((now.events.published == 2 && now.events.waiting == 4 && now.events.dropped == 4));
  CHECK(mr::text(now).find("4 waiting for room") != std::string::npos);
  auto const r = run.finish();
  CHECK(seen == numbers{0, 1, 6, 7, 8, 9});
  CHECK((r.ok() && r.published == 6 && r.done == 6 && r.dropped == 4 && r.conflated == 0));
  CHECK(in.publish(writes(10)) == status::closed);
}

TEST_CASE("without a number as many may wait as the ring has slots; one that is no power of two is refused") {
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest)) | mr::tap<"see">([](long) {}), paused_with_two};
  auto in = run.input();
  for (long n = 0; n < 5; ++n) CHECK(in.publish(writes(n)) == status::ok);
  CHECK(mr::snapshot(run).events.dropped == 1);
  CHECK_THROWS_AS((mr::runner{mr::from<long>(mr::on_full(mr::drop_oldest, 3)) | mr::tap<"see">([](long) {})}), mr::bad_capacity);
}

TEST_CASE("conflate: a newer event takes the place of the one of its key, which keeps its turn") {
  std::vector<std::pair<std::string, int>> seen;
  mr::runner run{mr::from<quote>(mr::on_full(mr::conflate_by([](quote const& q) -> std::string const& { return q.symbol; }), 4))
                     | mr::tap<"see">([&](quote const& q) { seen.emplace_back(q.symbol, q.price); }),
                 paused_with_two};
  auto in = run.input();
  int price = 0;
  for (auto const* s : {"a", "b", "c", "d", "c", "e", "d", "c"}) CHECK(in.publish([&](quote& q) { q.symbol = s, q.price = price++; }) == status::ok);
  CHECK(run.finish().conflated == 3);
  CHECK(seen == std::vector<std::pair<std::string, int>>{{"a", 0}, {"b", 1}, {"c", 7}, {"d", 6}, {"e", 5}});
}

TEST_CASE("conflate: if more keys wait than may, the one that has waited longest is dropped") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::conflate_by([](long v) { return v; }), 2)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  auto in = run.input();
  for (long n : {0, 1, 2, 3, 2, 4, 2}) CHECK(in.publish(writes(n)) == status::ok);
  auto const r = run.finish();
  CHECK(seen == numbers{0, 1, 4, 2});
  CHECK((r.dropped == 2 && r.conflated == 1 && r.published == 4));
}

TEST_CASE("conflate by a member, of events of which each has a key of its own, and of which all have the same") {
  struct keyed {
    int key = 0, n = 0;
  };
  std::vector<int> seen;
  mr::runner run{mr::from<keyed>(mr::on_full(mr::conflate_by(&keyed::key), 1)) | mr::tap<"see">([&](keyed const& k) { seen.push_back(k.n); }), {.capacity = 1, .paused = true}};
  auto in = run.input();
  for (int n = 0; n < 100; ++n) CHECK(in.publish([n](keyed& k) { k = {7, n}; }) == status::ok);
  CHECK(run.finish().conflated == 98);
  CHECK(seen == std::vector<int>{0, 99});
}

TEST_CASE("what waits is let in by the workers when the producer goes quiet") {
  auto const workers = GENERATE(std::size_t{1}, 2);
  auto const wait = GENERATE(mr::wait_policy{}, mr::blocking, mr::sleeping, mr::yielding);
  std::latch entered{1}, leave{1}, all{1};
  mr::workers crew{{.max = workers, .place = {.pin = false}}};
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 8)) | mr::change<"first">([](long&) {}) | mr::tap<"hold">([&](long v) {
                   if (v == 0) entered.count_down(), leave.wait();
                   if (v == 9) all.count_down();
                 }),
                 crew, {.capacity = 2, .plan = workers == 1 ? mr::grouping{mr::fused} : mr::grouping{mr::spread}, .wait = wait}};
  auto in = run.input();
  for (long n = 0; n < 10; ++n) CHECK(in.publish(writes(n)) == status::ok);
  entered.wait();
  CHECK(in.push_waiting() != 0);
  leave.count_down();
  all.wait();  // or it hangs
  CHECK(run.finish().done == 10);
}

TEST_CASE("flush waits for what waits beside the ring") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 64)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  auto in = run.input();
  for (long n = 0; n < 40; ++n) CHECK(in.publish(writes(n)) == status::ok);
  CHECK(in.push_waiting() == 38);
  run.start();
  CHECK(run.flush() == status::ok);
  CHECK(seen.size() == 40);
  CHECK(in.push_waiting() == 0);
  CHECK(in.publish(writes(40)) == status::ok);  // straight into the ring again
  CHECK(run.finish().done == 41);
  CHECK(seen.back() == 40);
}

TEST_CASE("stop: the report counts what still waited as left") {
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 4)) | mr::tap<"see">([](long) {}), paused_with_two};
  auto in = run.input();
  for (long n = 0; n < 5; ++n) CHECK(in.publish(writes(n)) == status::ok);
  run.stop();
  CHECK(in.publish(writes(5)) == status::closed);
  auto const r = run.finish();
  CHECK((r.stopped && r.published == 5 && r.done == 0 && r.left == 5));
}

TEST_CASE("several at once: in the ring, beside it, and more than may wait") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 4)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  auto in = run.input();
  long next = 0;
  auto const count = [&](long& v, std::size_t) { v = next++; };
  CHECK(in.publish(2, count) == status::ok);
  CHECK(in.publish(3, count) == status::ok);
  CHECK(in.publish(0, count) == status::refused);
  CHECK(in.publish(5, count) == status::refused);
  auto const got = in.publish_up_to(9, [&](std::size_t) { return next++; });
  CHECK((got.what == status::ok && got.count == 4));
  CHECK(run.finish().dropped == 3);
  CHECK(seen == numbers{0, 1, 5, 6, 7, 8});
}

TEST_CASE("a fill that throws changes nothing, in the ring and beside it") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 2)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  auto in = run.input();
  for (long n = 0; n < 4; ++n) {
    CHECK_THROWS_AS(in.publish([](long& v) { v = 99, throw 1; }), int);
    CHECK(in.publish(writes(n)) == status::ok);
  }
  CHECK_THROWS_AS(in.publish(2, [](long& v, std::size_t i) { v = 99; if (i == 1) throw 1; }), int);
  CHECK(run.finish().dropped == 0);
  CHECK(seen == numbers{0, 1, 2, 3});
}

TEST_CASE("move-only events without a default constructor") {
  std::vector<int> seen;
  mr::runner run{mr::from<no_default>(mr::on_full(mr::conflate_by([](no_default const& e) { return *e.value / 10; }), 4))
                     | mr::tap<"see">([&](no_default const& e) { seen.push_back(*e.value); }),
                 paused_with_two};
  auto in = run.input();
  for (int n : {1, 2, 10, 11, 20, 12}) CHECK(in.publish([n] { return no_default{n}; }) == status::ok);
  CHECK(run.finish().ok());
  CHECK(seen == std::vector<int>{1, 2, 12, 20});
}

TEST_CASE("what is made is destroyed once, whatever becomes of it") {
  counted::begin();
  {
    mr::runner run{mr::from<counted>(mr::on_full(mr::drop_oldest, 2)) | mr::tap<"see">([](counted const&) {}), paused_with_two};
    auto in = run.input();
    for (int n = 0; n < 9; ++n) CHECK(in.publish([n] { return counted{n}; }) == status::ok);
    run.stop();
  }
  CHECK((counted::alive() == 0 && counted::wrong == 0));
}

TEST_CASE("a move into the ring that throws stops the pipeline if a worker makes it, and the report says so") {
  struct heavy {
    int n = 0;
    bool throws = false;
    heavy() = default;
    heavy(heavy const&) = default;
    auto operator=(heavy&& other) -> heavy& {
      if (other.throws) throw support::planned_failure{};
      n = other.n;
      return *this;
    }
    ~heavy() = default;
  };
  mr::runner run{mr::from<heavy>(mr::on_full(mr::drop_oldest, 4)) | mr::tap<"see">([](heavy const&) {}), paused_with_two};
  auto in = run.input();
  for (int n = 0; n < 5; ++n) CHECK(in.publish([n](heavy& e) { e.n = n, e.throws = n == 3; }) == status::ok);
  auto const r = run.finish();
  CHECK_THROWS_AS(r.rethrow(), support::planned_failure);
  CHECK((r.published == 5 && r.done + r.left == 5 && r.left >= 2));
}

TEST_CASE("a handle that follows another goes on behind what that one has left") {
  numbers seen;
  mr::runner run{mr::from<long>(mr::on_full(mr::drop_oldest, 4)) | mr::tap<"see">([&](long v) { seen.push_back(v); }), paused_with_two};
  {
    auto in = run.input();
    for (long n = 0; n < 4; ++n) CHECK(in.publish(writes(n)) == status::ok);
  }
  auto second = run.input();
  CHECK(second.publish(writes(4)) == status::ok);
  auto moved = std::move(second);
  CHECK(second.publish(writes(9)) == status::closed);
  CHECK(second.push_waiting() == 0);
  CHECK(moved.publish(writes(5)) == status::ok);
  CHECK(run.finish().done == 6);
  CHECK(seen == numbers{0, 1, 2, 3, 4, 5});
}

TEST_CASE("events flow while the ring overflows: each that is not counted as dropped passes once, in order") {
  auto const capacity = GENERATE(std::size_t{1}, 8);
  auto const most = GENERATE(std::size_t{1}, 4, 64);
  bool const conflates = GENERATE(false, true);
  CAPTURE(capacity, most, conflates);
  constexpr long n = 100'000;
  long count = 0, last = -1;
  std::array<long, 16> latest{};
  bool in_order = true;
  auto const both = [&](auto sentence) {
    mr::workers crew{{.max = 2, .place = {.pin = false}}};
    mr::runner run{std::move(sentence) | mr::change<"first">([](long&) {}) | mr::tap<"see">([&](long v) {
                     auto& l = latest[static_cast<std::size_t>(v % 16)];
                     in_order = in_order && (v == 0 || v > l) && (conflates || v > last);
                     l = last = v, ++count;
                   }),
                   crew, {.capacity = capacity}};
    std::atomic<bool> over{false};
    std::thread changer{[&] {
      for (int i = 0; !over; ++i) static_cast<void>(run.apply(i % 2 == 0 ? mr::grouping{mr::spread} : mr::grouping{mr::fused})), std::this_thread::yield();
    }};
    auto in = run.input();
    for (long i = 0; i < n; ++i) {
      if (in.publish(writes(i)) != status::ok) break;
      if (i % 1000 == 0) static_cast<void>(run.flush());
    }
    auto const r = run.finish();
    over = true;
    changer.join();
    CHECK(r.ok());
    CHECK(r.done == count);
    CHECK(r.done + r.dropped + r.conflated == n);
  };
  if (conflates) both(mr::from<long>(mr::on_full(mr::conflate_by([](long v) { return v % 16; }), most)));
  else both(mr::from<long>(mr::on_full(mr::drop_oldest, most)));
  CHECK(in_order);
  CHECK(last >= n - 16);
}
