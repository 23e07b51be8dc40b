// SPDX-License-Identifier: MIT
#include <millrace/run/runner.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"
#include "support/history.hpp"

namespace mr = millrace;
using support::history;

namespace {

struct word {
  std::uint64_t number, value;
};

/// Three stages that change, map and look; every one tells the history.
auto three_stages(history& h) {
  return mr::from<word>()                                                                                              //
         | mr::change<"change">([&h](word& w) { w.value = w.number * 3, h.pass(0, w.number, w.value); })                //
         | mr::map<"map">([&h](word const& w, mr::at at) { return h.pass(1, w.number, w.value), std::pair{w.value + 1, at.sequence}; })  //
         | mr::tap<"tap">([&h](std::pair<std::uint64_t, mr::sequence> const& p) { h.pass(2, static_cast<std::size_t>(p.second), p.first - 1); });
}
auto expected_digest(std::size_t events) -> std::uint64_t {
  std::uint64_t d = 0;
  for (std::size_t i = 0; i < events; ++i) d = history::mix(d, i * 3);
  return d;
}
template <typename Runner>
void publish_all(Runner& run, std::size_t events, std::size_t batch) {
  auto in = run.input();
  for (std::size_t i = 0; i < events;) {
    auto const n = std::min(batch, events - i);
    if (n == 1) REQUIRE(in.publish([&](word& w) { w.number = i; }) == mr::status::ok);
    else REQUIRE(in.publish(n, [&](word& w, std::size_t k) { w.number = i + k; }) == mr::status::ok);
    i += n;
  }
}

}  // namespace

TEST_CASE("any plan, capacity, batch and wait gives the result of the sequential run") {
  auto const capacity = GENERATE(std::size_t{1}, 2, 64, 1024);
  auto const batch = GENERATE(std::size_t{1}, 7, 512);
  auto const workers = GENERATE(std::size_t{1}, 2, 3);
  auto const plan = GENERATE(0, 1, 2, 3);
  auto const publish = GENERATE(std::size_t{1}, 5);
  if (publish > capacity) return;
  CAPTURE(capacity, batch, workers, plan, publish);
  constexpr std::size_t events = 600;

  history h{3, events};
  mr::workers crew{{.max = workers, .place = {.pin = false}}};
  mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"change"}, {"map", "tap"}}, mr::groups{{"change", "tap"}, {"map"}}};
  mr::runner run{three_stages(h), crew, {.capacity = capacity, .plan = plans[plan], .batch = batch}};
  publish_all(run, events, publish);
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == events);
  CHECK(report.done == events);
  CHECK(report.left == 0);
  CHECK(h.wrong_after(events) == "");
  for (std::size_t s = 0; s < 3; ++s) CHECK(h.digest(s) == expected_digest(events));
}

TEST_CASE("every wait policy works, when the ring is full and when it is empty") {
  mr::wait_policy const all[] = {mr::wait_policy{}, mr::busy_spin, mr::yielding, mr::sleeping, mr::blocking, mr::blocking_for(std::chrono::milliseconds{1}),
                                 mr::phased(10, std::chrono::microseconds{1})};
  auto const which = GENERATE(range(0, 7));
  auto const plan = GENERATE(0, 1);
  CAPTURE(which, plan);
  constexpr std::size_t events = 300;
  history h{3, events};
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{three_stages(h), crew, {.capacity = 4, .plan = plan == 0 ? mr::fused : mr::spread, .wait = all[which]}};
  publish_all(run, events / 2, 1);
  CHECK(run.flush() == mr::status::ok);
  CHECK(h.count(2) == events / 2);
  auto in = run.input();
  for (std::size_t i = events / 2; i < events; ++i) {
    REQUIRE(in.publish([&](word& w) { w.number = i; }) == mr::status::ok);
    if (i % 10 == 0) REQUIRE(run.flush() == mr::status::ok);
  }
  CHECK(run.finish().ok());
  CHECK(h.wrong_after(events) == "");
}

TEST_CASE("with a source of its own, fused and split") {
  auto const plan = GENERATE(0, 1, 2);
  auto const capacity = GENERATE(std::size_t{1}, 8, 4096);
  constexpr std::size_t events = 20'000;
  CAPTURE(plan, capacity);
  history h{2, events};
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::grouping const plans[] = {mr::fused, mr::groups{{"source", "a"}, {"b"}}, mr::groups{{"source", "b"}, {"a"}}};
  mr::runner run{mr::generate([n = std::uint64_t{0}]() mutable -> std::optional<word> {
                   if (n == events) return std::nullopt;
                   return word{n++, 0};
                 })                                                                                          //
                     | mr::change<"a">([&](word& w) { w.value = w.number * 3, h.pass(0, w.number, w.value); })  //
                     | mr::tap<"b">([&](word const& w) { h.pass(1, w.number, w.value); }),
                 crew,
                 {.capacity = capacity, .plan = plans[plan]}};
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == events);
  CHECK(h.wrong_after(events) == "");
  CHECK(h.digest(1) == expected_digest(events));
}

TEST_CASE("a source without events ends at once") {
  mr::runner run{mr::generate([]() -> std::optional<int> { return {}; }) | mr::tap<"never">([](int) { FAIL(); })};
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == 0);
}

TEST_CASE("move-only events, and events without a default constructor") {
  struct parcel {
    explicit parcel(int v) : content{std::make_unique<int>(v)} {}
    std::unique_ptr<int> content;
  };
  long sum = 0;
  {
    mr::runner run{mr::from<parcel>()                                                             //
                       | mr::map<"take">([](parcel const& p) { return std::make_unique<int>(*p.content * 2); })  //
                       | mr::tap<"add">([&](std::unique_ptr<int> const& p) { sum += *p; }),
                   {.capacity = 4}};
    auto in = run.input();
    for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&] { return parcel{i}; }) == mr::status::ok);
    for (int i = 0; i < 25; ++i) REQUIRE(in.publish(4, [&](std::size_t k) { return parcel{100 + 4 * i + static_cast<int>(k)}; }) == mr::status::ok);
    CHECK(run.finish().ok());
  }
  CHECK(sum == 199 * 200);
}

TEST_CASE("over-aligned events keep their alignment") {
  struct alignas(256) wide {
    long v;
  };
  bool aligned = true;
  mr::runner run{mr::from<wide>() | mr::tap<"look">([&](wide const& w) { aligned &= reinterpret_cast<std::uintptr_t>(&w) % 256 == 0; }), {.capacity = 8}};
  auto in = run.input();
  for (long i = 0; i < 20; ++i) REQUIRE(in.publish([&](wide& w) { w.v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(aligned);
}

TEST_CASE("a paused runner keeps what is published until it starts") {
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::tap<"sum">([&](long v) { sum += v; }), {.capacity = 8, .paused = true}};
  auto in = run.input();
  for (long i = 0; i < 8; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  CHECK(in.publish([](long& v) { v = 100; }) == mr::status::would_block);  // nobody would ever make room
  CHECK_THROWS_AS(run.flush(), mr::bad_call);
  SECTION("start") {
    run.start();
    CHECK(run.flush() == mr::status::ok);
    CHECK(sum == 28);
    CHECK(in.publish([](long& v) { v = 2; }) == mr::status::ok);
    CHECK(run.finish().ok());
    CHECK(sum == 30);
  }
  SECTION("finish starts it") {
    CHECK(run.finish().done == 8);
    CHECK(sum == 28);
  }
  SECTION("stop, without having run") {
    run.stop();
    auto const report = run.finish();
    CHECK(!report.ok());
    CHECK(report.stopped);
    CHECK(report.left == 8);
    CHECK(sum == 0);
  }
}

TEST_CASE("what is asked of a runner wrongly is refused at once") {
  auto const pipeline = [] { return mr::from<int>() | mr::tap<"a">([](int) {}) | mr::tap<"b">([](int) {}); };
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  SECTION("capacity") {
    for (std::size_t const capacity : {std::size_t{0}, std::size_t{3}, std::size_t{1000}, std::size_t{1} << 41})
      CHECK_THROWS_AS((mr::runner{pipeline(), crew, {.capacity = capacity}}), mr::bad_capacity);
  }
  SECTION("plan") {
    CHECK_THROWS_AS((mr::runner{pipeline(), crew, {.plan = mr::groups{{"a"}}}}), mr::bad_plan);
    CHECK_THROWS_AS((mr::runner{pipeline(), crew, {.plan = mr::groups{{"a"}, {"c"}}}}), mr::bad_plan);
    CHECK_THROWS_AS((mr::runner{pipeline(), crew, {.plan = mr::groups{{"a", "b"}, {"a"}}}}), mr::bad_plan);
    CHECK_THROWS_AS((mr::runner{pipeline(), crew, {.plan = mr::plan{2, 2}}}), mr::bad_plan);
  }
  SECTION("a second producer") {
    mr::runner run{pipeline(), crew};
    auto in = run.input();
    CHECK_THROWS_AS(run.input(), mr::bad_call);
    auto moved = std::move(in);
    CHECK_THROWS_AS(run.input(), mr::bad_call);
    { auto const gone = std::move(moved); }
    CHECK(run.input().publish([](int& v) { v = 1; }) == mr::status::ok);
    CHECK(run.finish().done == 1);
  }
  SECTION("too many workers") { CHECK_THROWS_AS((mr::workers{{.max = 62}}), mr::bad_call); }
}

TEST_CASE("a plan in lane masks is taken as it is") {
  mr::plan p{2, 2};
  p.give(1, 0, 1);
  p.give(0, 1, 1);
  long sum = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<long>() | mr::change<"a">([](long& v) { ++v; }) | mr::tap<"b">([&](long v) { sum += v; }), crew, {.plan = p}};
  auto in = run.input();
  for (long i = 0; i < 1000; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(sum == 500'500);
}

namespace {

template <std::size_t K>
struct add_one {
  void operator()(std::uint64_t& v) const noexcept { v += K; }
};

constexpr auto name_of(std::size_t k) {
  mr::fixed_string<4> n;
  n.text[0] = 's', n.text[1] = static_cast<char>('0' + k / 10), n.text[2] = static_cast<char>('0' + k % 10);
  return n;
}
template <std::size_t K, std::size_t N, typename P>
auto extend(P&& p) {
  if constexpr (K == N) return std::forward<P>(p);
  else return extend<K + 1, N>(std::forward<P>(p) | mr::change<name_of(K)>(add_one<K>{}));
}

}  // namespace

TEST_CASE("forty stages run on one thread and on two") {
  auto const workers = GENERATE(std::size_t{1}, 2);
  auto const plan = GENERATE(0, 1);
  constexpr std::size_t events = 5'000;
  std::uint64_t sum = 0;
  mr::workers crew{{.max = workers, .place = {.pin = false}}};
  mr::runner run{extend<0, 39>(mr::from<std::uint64_t>()) | mr::tap<"sum">([&](std::uint64_t v) { sum += v; }), crew,
                 {.capacity = 256, .plan = plan == 0 ? mr::fused : mr::spread}};
  auto in = run.input();
  for (std::uint64_t i = 0; i < events; ++i) REQUIRE(in.publish([&](std::uint64_t& v) { v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(sum == events * (events - 1) / 2 + events * (38 * 39 / 2));
}

TEST_CASE("runners share a crew, and one feeds another") {
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::workers other{{.max = 1, .place = {.pin = false}}};
  long sum = 0, direct = 0, lost = 0;
  mr::runner second{mr::from<long>() | mr::tap<"sum">([&](long v) { sum += v; }), other, {.capacity = 4}};
  auto forward = second.input();
  mr::runner first{mr::from<long>() | mr::change<"double">([](long& v) { v *= 2; }) | mr::tap<"send">([&](long v) { lost += forward.publish([&](long& w) { w = v; }) == mr::status::ok ? 0 : 1; }),
                   crew, {.capacity = 8}};
  mr::runner third{mr::from<long>() | mr::tap<"direct">([&](long v) { direct += v; }), crew, {.capacity = 8, .plan = mr::spread}};
  auto a = first.input();
  auto b = third.input();
  for (long i = 0; i < 500; ++i) {
    REQUIRE(a.publish([&](long& v) { v = i; }) == mr::status::ok);
    REQUIRE(b.publish([&](long& v) { v = i; }) == mr::status::ok);
  }
  CHECK(first.finish().ok());
  CHECK(second.finish().ok());
  CHECK(third.finish().ok());
  CHECK(lost == 0);
  CHECK(sum == 499 * 500);
  CHECK(direct == 499 * 250);
}

TEST_CASE("a runner can be moved, also into a thread") {
  long sum = 0;
  mr::runner run{mr::from<long>() | mr::tap<"sum">([&](long v) { sum += v; })};
  auto in = run.input();
  REQUIRE(in.publish([](long& v) { v = 5; }) == mr::status::ok);
  std::thread{[mine = std::move(run)]() mutable { CHECK(mine.finish().ok()); }}.join();
  CHECK(sum == 5);
  CHECK(in.publish([](long& v) { v = 6; }) == mr::status::closed);
}

TEST_CASE("a batch handler is not called when a filter has dropped the whole batch") {
  long calls = 0, sum = 0;
  mr::runner run{mr::from<long>()                                                  //
                     | mr::filter<"odd">([](long v) { return v % 2 != 0; })        //
                     | mr::tap<"sum">([&](mr::batch<long const> b) {
                         ++calls;
                         for (auto const v : b) sum += v;
                       }, mr::in_batches),
                 {.capacity = 16, .batch = 1}};
  auto in = run.input();
  for (long i = 0; i < 100; ++i) REQUIRE(in.publish([&](long& v) { v = i; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(calls == 50);
  CHECK(sum == 2'500);
}

TEST_CASE("a source that fills writes over earlier events, which keep their buffers") {
  auto const plan = GENERATE(0, 1);
  auto const capacity = GENERATE(std::size_t{1}, 8);
  CAPTURE(plan, capacity);
  constexpr int events = 1'000;
  std::vector<char const*> where;
  long sum = 0, reused = 0;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::generate<std::string>([n = 0, &where, &reused](std::string& s) mutable {
                   if (n == events) return false;
                   for (auto const* p : where) reused += p == s.data() ? 1 : 0;
                   s.assign(100, static_cast<char>('a' + n++ % 26));
                   if (where.size() < 16) where.push_back(s.data());
                   return true;
                 }) | mr::change<"cut">([](std::string& s) { s.resize(50); }) |
                     mr::tap<"sum">([&](std::string const& s) { sum += s[0] - 'a' + static_cast<long>(s.size()); }),
                 crew,
                 {.capacity = capacity, .plan = plan == 0 ? mr::fused : mr::grouping{mr::groups{{"source", "cut"}, {"sum"}}}}};
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.published == events);
  long expected = 0;
  for (int n = 0; n < events; ++n) expected += n % 26 + 50;
  CHECK(sum == expected);
  CHECK(reused >= events - 16);
}
