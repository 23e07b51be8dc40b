// SPDX-License-Identifier: MIT
// Whole pipelines with many producers: one order, tombstones, plans that change meanwhile.
#include <millrace/run/shared_input.hpp>

#include <array>
#include <atomic>
#include <latch>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/run_inline.hpp>
#include <millrace/run/runner.hpp>
#include <millrace/run/snapshot.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/fake_platform.hpp"
#include "support/witness.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;
using mr::status;
using support::witness;
using support::word;

namespace {

struct planned {};

}  // namespace

TEST_CASE("one to four producers, plans that change: all stages see one order, what was given up is passed over") {
  auto const producers = GENERATE(1U, 2U, 4U);
  auto const capacity = GENERATE(std::size_t{1}, 8, 256);
  CAPTURE(producers, capacity);
  constexpr std::uint64_t each = 3'000;
  std::array<witness, 5> seen;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<word>(mr::many_producers)                                                  //
                     | mr::change<"a">([&](word& w) { seen[0](w); })                                 //
                     | mr::fan_out(mr::tap<"b">([&](word const& w) { seen[1](w); }),                 //
                                   mr::tap<"c">([&](mr::batch<word const> all) {
                                     for (auto const& w : all) seen[2](w);
                                   }, mr::in_batches))                                               //
                     | mr::filter<"d">([&](word const& w) { return seen[3](w), w.nth % 2 == 0; })    //
                     | mr::map<"e">([](word const& w) { return w; })                                 //
                     | mr::tap<"f">([&](word const& w) { seen[4](w); }),
                 crew, {.capacity = capacity, .batch = 16}};
  std::atomic<std::uint64_t> published{0}, even{0};
  std::vector<std::thread> threads;
  for (auto t = 0U; t < producers; ++t)
    threads.emplace_back([&, t, in = run.input()]() mutable {
      auto const put = [&](std::uint64_t i) { return [&, i](word& w) { w = {t, i}; }; };
      auto const count = [&](std::uint64_t i, std::uint64_t n) {
        for (auto k = i; k < i + n; ++k) published += 1, even += k % 2 == 0 ? 1 : 0;
      };
      for (std::uint64_t i = 0; i < each;) {
        auto const n = capacity >= 8 ? 3U : 1U;
        switch ((i * 7 + t) % 6) {
          case 0:
            try {
              static_cast<void>(in.publish([](word& w) { w = {7, 99}, throw planned{}; }));
            } catch (planned) { }
            ++i;
            break;
          case 1: {
            auto c = in.claim(n);
            if (!c) return;
            for (auto& w : c) w = {t, i};
            for (std::size_t k = 0; k < n; ++k) c[k].nth = i + k;
            if (i % 5 != 0 && c.publish() == status::ok) count(i, n);
            i += n;
            break;
          }
          case 2: {
            if (in.publish(n, [&](word& w, std::size_t k) { w = {t, i + k}; }) != status::ok) return;
            count(i, n);
            i += n;
            break;
          }
          case 3: {
            auto const got = in.publish_up_to(5, [&](word& w, std::size_t k) { w = {t, i + k}; });
            if (got.what != status::ok) return;
            count(i, got.count);
            i += got.count;
            break;
          }
          case 4: {
            auto const s = in.try_publish(put(i));
            if (s == status::ok) count(i, 1);
            ++i;
            break;
          }
          default:
            if (in.publish_for(1h, put(i)) != status::ok) return;
            count(i, 1);
            ++i;
        }
      }
    });
  std::atomic<bool> over{false};
  std::thread changer{[&] {
    mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"a", "b"}, {"c", "d"}, {"e", "f"}}, mr::groups{{"a", "c"}, {"b"}, {"d", "e", "f"}}};
    for (std::size_t k = 0; !over; ++k) {
      static_cast<void>(run.apply(plans[k % 4]));
      std::this_thread::sleep_for(200us);
    }
  }};
  for (auto& t : threads) t.join();
  CHECK(run.flush() == status::ok);
  auto const shot = mr::snapshot(run);
  over = true;
  changer.join();
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published - report.tombstones == static_cast<std::int64_t>(published));
  CHECK(report.tombstones > 0);
  CHECK(shot.events.tombstones == report.tombstones);
  for (auto const& w : seen) CHECK(w.in_order);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(seen[k].count == published);
    CHECK(seen[k].digest == seen[0].digest);
  }
  CHECK(seen[4].count == even);
}

TEST_CASE("finish while producers publish: each learns exactly which of its events were in time") {
  auto const round = GENERATE(range(0, 12));
  std::array<std::uint64_t, 3> accepted{};
  std::array<std::uint64_t, 8> seen{};
  mr::runner run{mr::from<word>(mr::many_producers) | mr::tap<"a">([](word const&) {}) | mr::tap<"see">([&](word const& w) { ++seen[w.who]; }),
                 {.capacity = 16, .plan = round % 2 == 0 ? mr::fused : mr::spread}};
  std::latch started{4};
  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (auto t = 0U; t < 3; ++t)
    threads.emplace_back([&, t, in = run.input()]() mutable {
      started.arrive_and_wait();
      for (;;) {
        auto const n = std::size_t{1} + t;
        auto s = in.publish(n, [&](word& w, std::size_t) { w.who = t; });
        if (s != status::ok) break;
        accepted[t] += n;
      }
      told += in.closed() ? 1 : 0;
    });
  started.arrive_and_wait();
  std::this_thread::sleep_for(std::chrono::microseconds{50 * round});
  auto const report = run.finish();
  for (auto& t : threads) t.join();
  CHECK(told == 3);
  CHECK(report.ok());
  for (auto t = 0U; t < 3; ++t) CHECK(seen[t] == accepted[t]);
  CHECK(static_cast<std::uint64_t>(report.published - report.tombstones) == accepted[0] + accepted[1] + accepted[2]);
}

TEST_CASE("a claim that is still open does not hold up the end") {
  long sum = 0;
  mr::runner run{mr::from<long>(mr::many_producers) | mr::tap<"sum">([&](long v) { sum += v; }), {.capacity = 8}};
  auto in = run.input();
  auto other = in;
  auto open = in.claim(2);
  REQUIRE(open);
  REQUIRE(other.publish([](long& v) { v = 5; }) == status::ok);  // behind it
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == 3);
  CHECK(report.tombstones == 2);
  CHECK(sum == 5);
  open[0] = 100;
  CHECK(open.publish() == status::closed);
  CHECK(run.finish().tombstones == 2);
  CHECK(in.claim(1).what() == status::closed);
}

TEST_CASE("stop while producers are blocked") {
  std::latch entered{1}, leave{1};
  mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"hold">([&](int v) {
                   if (v == 1) entered.count_down(), leave.wait();
                 }),
                 {.capacity = 2}};
  auto in = run.input();
  REQUIRE(in.publish([](int& v) { v = 1; }) == status::ok);
  entered.wait();
  std::vector<std::thread> threads;
  std::atomic<int> told{0};
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&, mine = in]() mutable {
      while (mine.publish([](int& v) { v = 2; }) == status::ok) {}
      ++told;
    });
  std::this_thread::sleep_for(5ms);
  run.stop();
  for (auto& t : threads) t.join();
  CHECK(told == 3);
  leave.count_down();
  auto const report = run.finish();
  CHECK(report.stopped);
  CHECK(report.left == report.published - report.done);
}

TEST_CASE("copies outlive the runner and say closed; a moved-from one says closed") {
  auto in = [] {
    mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"x">([](int) {})};
    auto first = run.input();
    auto second = first;
    return second;
  }();
  CHECK(in.closed());
  CHECK(in.publish([](int& v) { v = 1; }) == status::closed);
  auto other = std::move(in);
  CHECK(in.closed());  // NOLINT(bugprone-use-after-move)
  CHECK(in.publish([](int& v) { v = 1; }) == status::closed);
  CHECK(in.try_publish_up_to(2, [](int& v, std::size_t) { v = 1; }).what == status::closed);
  CHECK(in.try_claim(1).what() == status::closed);
}

TEST_CASE("many producers: refusals and full rings in every form") {
  long sum = 0;
  mr::runner run{mr::from<long>(mr::many_producers) | mr::tap<"sum">([&](long v) { sum += v; }), {.capacity = 4, .paused = true}};
  auto in = run.input();
  auto const each = [](long& v, std::size_t) { v = 1; };
  for (std::size_t const n : {std::size_t{0}, std::size_t{5}, SIZE_MAX, SIZE_MAX / 2}) {
    CHECK(in.publish(n, each) == status::refused);
    CHECK(in.try_publish(n, each) == status::refused);
    CHECK(in.publish_for(1h, n, each) == status::refused);
    CHECK(in.claim(n).what() == status::refused);
  }
  CHECK(in.publish_up_to(0, each).what == status::refused);
  CHECK(in.publish_up_to(9, each).count == 4);
  CHECK(in.publish([](long& v) { v = 1; }) == status::would_block);  // paused: it would wait for itself
  CHECK(in.try_publish([](long& v) { v = 1; }) == status::would_block);
  CHECK(in.try_claim(1).what() == status::would_block);
  CHECK(in.claim_for(1ms, 1).what() == status::would_block);
  run.start();
  auto claim = in.claim(3);
  CHECK(claim.size() == 3);
  for (auto& v : claim) v = 10;
  CHECK(claim.publish() == status::ok);
  CHECK(claim.publish() == status::ok);  // once only
  CHECK(run.finish().published == 7);
  CHECK(sum == 34);
}

TEST_CASE("many producers: events that are made anew are destroyed exactly once, tombstones never") {
  struct sealed {  // not assignable
    explicit sealed(int v) : inside{v} {}
    sealed(sealed&&) = default;
    support::counted inside;
  };
  support::counted::begin();
  {
    int sum = 0;
    mr::runner run{mr::from<sealed>(mr::many_producers) | mr::map<"v">([](sealed const& s) { return support::counted{s.inside.value}; }) |
                       mr::tap<"sum">([&](support::counted const& c) { sum += c.value; }),
                   {.capacity = 4}};
    auto in = run.input();
    for (int i = 0; i < 20; ++i) {
      if (i % 3 == 0) CHECK_THROWS_AS(in.publish([]() -> sealed { throw 1; }), int);
      REQUIRE(in.publish([&] { return sealed{i}; }) == status::ok);
      CHECK(run.flush() == status::ok);
    }
    CHECK(run.finish().tombstones == 7);
    CHECK(sum == 190);
  }
  CHECK(support::counted::alive() == 0);
  CHECK(support::counted::wrong == 0);
}

TEST_CASE("many producers: a batch filter, expand and compact pass over tombstones") {
  std::vector<int> got;
  bool saw_a_tombstone = false;
  auto const plan = GENERATE(0, 1);
  mr::runner run{mr::from<int>(mr::many_producers)                                                  //
                     | mr::filter<"odd">([](mr::batch<int const> all, mr::verdicts& v) {
                         for (int const i : all) v(i % 2 == 1);
                       }, mr::in_batches)                                                          //
                     | mr::expand<"twice">([](int i) { return std::vector<int>{i, -i}; })          //
                     | mr::tap<"see">([&](int i) { got.push_back(i); }),
                 {.capacity = 8, .plan = plan == 0 ? mr::fused : mr::spread}};
  mr::runner straight{mr::from<int>(mr::many_producers) | mr::expand<"same">([](int i) { return std::array<int, 1>{i}; }) | mr::tap<"see">([&](int i) { saw_a_tombstone = saw_a_tombstone || i < 0; }), {.capacity = 8}};
  auto in = run.input();
  auto in2 = straight.input();
  std::vector<int> expected;
  for (int i = 0; i < 100; ++i) {
    if (i % 4 == 1) {
      auto dropped = in.claim(2);
      dropped[0] = dropped[1] = -77;
      auto dropped2 = in2.claim(2);
      dropped2[0] = dropped2[1] = -77;
    }
    REQUIRE(in.publish([&](int& v) { v = i; }) == status::ok);
    REQUIRE(in2.publish([&](int& v) { v = i; }) == status::ok);
    if (i % 2 != 0) expected.push_back(i), expected.push_back(-i);
  }
  CHECK(run.finish().ok());
  CHECK(straight.finish().tombstones == 50);
  CHECK(!saw_a_tombstone);
  CHECK(got == expected);
}

TEST_CASE("run_inline knows no producers") {
  int sum = 0;
  CHECK(mr::run_inline(mr::from<int>(mr::many_producers) | mr::tap<"sum">([&](int v) { sum += v; }), std::vector<int>{1, 2, 3}) == 3);
  CHECK(sum == 6);
}

TEST_CASE("behind a claim that is under way nobody is put to sleep and woken again by each event that others publish") {
  using fake = support::fake_platform;
  auto const looks_on = GENERATE(false, true);
  CAPTURE(looks_on);
  fake::begin();
  mr::basic_workers<fake> crew{{.max = 1, .own_threads = true}};
  std::vector<int> seen, looked;
  mr::runner run{mr::from<int>(mr::many_producers) | mr::tap<"keep">([&](int x) { seen.push_back(x); }), crew, {.capacity = 4096}};
  auto const look = [&] { return run.attach(mr::tap<"look">([&](int x) { looked.push_back(x); }), mr::now); };
  std::optional<decltype(look())> spy;
  if (looks_on) spy.emplace(look());
  auto slow = run.input(), quick = run.input();
  auto hole = slow.claim(1);
  int published = 0;
  fake::now_is.meanwhile = [&] { published += quick.publish([&](int& x) { x = published + 1; }) == status::ok ? 1 : 0; };
  run.work_for(10ms);  // by the clock of the platform, which looks and yields move, and a sleep that somebody ends does not
  CHECK(seen.empty());
  CHECK(published > 0);
  CHECK(fake::now_is.waited < 300);
  fake::now_is.meanwhile = nullptr;
  hole[0] = 0;
  REQUIRE(hole.publish() == status::ok);
  CHECK(run.finish().ok());
  CHECK(seen.size() == static_cast<std::size_t>(published) + 1);
  CHECK(seen.front() == 0);
  CHECK((!looks_on || looked == seen));
}
