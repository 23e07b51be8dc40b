// SPDX-License-Identifier: MIT
// Stages that several workers run: by key, and without state; while the plan moves their lanes.
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"
#include "support/history.hpp"

namespace mr = millrace;

namespace {

struct order {
  int key = 0;
  int number = 0;
};
constexpr int keys = 97;

/// Keeps the last number of each of its keys, and says whether they came in order. A copy for each group of keys: no lock.
struct ledger {
  std::map<int, int> last;
  std::atomic<int>* wrong;
  explicit ledger(std::atomic<int>& w) : wrong{&w} {}
  auto operator()(order const& o) -> std::uint64_t {
    auto const [at, is_new] = last.try_emplace(o.key, -1);
    if (at->second >= o.number || o.number % keys != o.key % keys || (!is_new && at->second + keys != o.number)) ++*wrong;
    at->second = o.number;
    return static_cast<std::uint64_t>(o.number) * 3;
  }
};

mr::grouping const plans[] = {
    mr::fused,
    mr::spread,
    mr::groups{{"before", "keyed", "free"}, {"keyed", "free"}, {"after"}},
    mr::groups{{"keyed"}, {"before", "keyed", "free", "after"}, {"keyed", "free"}, {"keyed"}},
    mr::groups{{"free"}, {"free", "keyed"}, {"before", "after", "free"}},
};

}  // namespace

TEST_CASE("keyed and stateless stages under changing plans: each event once, keys in order, results in the ring's order") {
  for (std::size_t const slots : {1u, 8u, 256u, 4096u}) {
    CAPTURE(slots);
    constexpr int n = 20'000;
    std::atomic<int> wrong{0};
    support::history seen{1, n};
    mr::workers crew{{.max = 4, .place = {.pin = false}}};
    mr::runner run{mr::from<order>() | mr::change<"before">([](order& o) { o.key = o.key % keys; }) | mr::map<"keyed">(ledger{wrong}, mr::keyed_by(&order::key)) |
                       mr::map<"free">([](std::uint64_t v) { return v + 1; }, mr::stateless) |
                       mr::tap<"after">([&](order const& o, std::uint64_t v) {
                         if (v != static_cast<std::uint64_t>(o.number) * 3 + 1) ++wrong;
                         seen.pass(0, static_cast<std::size_t>(o.number), v);
                       }, mr::takes<"event", "free">),
                   crew, {.capacity = slots, .plan = plans[2]}};
    auto in = run.input();
    for (int i = 0; i < n; ++i) {
      REQUIRE(in.publish([&](order& o) { o = {i % keys + keys, i}; }) == mr::status::ok);
      if (i % 100 == 0) REQUIRE(run.apply(plans[static_cast<std::size_t>(i / 100 % 5)]) == mr::status::ok);
    }
    auto const report = run.finish();
    CHECK(report.ok());
    CHECK(report.done == n);
    CHECK(wrong == 0);
    CHECK(seen.wrong_after(n).empty());
  }
}

TEST_CASE("an own source, and lanes moved one by one") {
  std::atomic<int> wrong{0};
  int next = 0;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  constexpr int n = 200'000;
  mr::runner run{mr::generate([i = 0]() mutable { return i == n ? std::optional<order>{} : std::optional{order{i % keys, i++}}; }) |
                     mr::map<"keyed">(ledger{wrong}, mr::keyed_by([](order const& o) { return o.key; })) | mr::tap<"after">([&](std::uint64_t v) {
                       if (v != static_cast<std::uint64_t>(next++) * 3) ++wrong;
                     }),
                 crew, {.capacity = 64, .paused = true}};
  // stages: source, lanes keyed, keyed, after
  std::uint64_t dice = 1;
  auto const random_plan = [&] {
    mr::plan p{3, 4};
    p.give(dice % 3, 0, 1), p.give(dice / 3 % 3, 1, 1), p.give(dice / 9 % 3, 3, 1);
    for (std::size_t l = 0; l < 64; ++l) {
      dice = dice * 6364136223846793005U + 1442695040888963407U;
      p.give((dice >> 33) % 3, 2, std::uint64_t{1} << l);
    }
    dice >>= 7;
    return p;
  };
  run.start();
  while (run.apply(random_plan()) == mr::status::ok && mr::snapshot(run).events.done < n) std::this_thread::yield();
  CHECK(run.finish().ok());
  CHECK(next == n);
  CHECK(wrong == 0);
}

TEST_CASE("two stages keyed differently in a row, the second by a result of the first") {
  std::atomic<int> wrong{0};
  std::array<int, 7> count{};
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::map<"first">([](order const& o) { return o.number % 7; }, mr::keyed_by(&order::key)) |
                     mr::tap<"second">([last = std::map<int, int>{}, &wrong](order const& o, int k) mutable { if (auto& l = last[k]; l > o.number) ++wrong; else l = o.number; },
                                       mr::takes<"event", "first">, mr::keyed_by([](order const&, int k) { return k; })) |
                     mr::tap<"count">([&](int k) { ++count[static_cast<std::size_t>(k)]; }),
                 crew, {.capacity = 32, .plan = mr::groups{{"first", "second"}, {"first"}, {"second", "count"}}}};
  auto in = run.input();
  for (int i = 0; i < 7000; ++i) REQUIRE(in.publish([&](order& o) { o = {i % 13, i}; }) == mr::status::ok);
  CHECK(run.finish().ok());
  CHECK(wrong == 0);
  for (int const c : count) CHECK(c == 1000);
}

TEST_CASE("a shared filter, and one before a shared stage") {
  std::vector<int> seen;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::filter<"odd">([](order const& o) { return o.number % 2 != 0; }) |
                     mr::filter<"keyed">([](order const& o) { return o.number % 3 == 0; }, mr::keyed_by(&order::key)) |
                     mr::filter<"free">([](order const& o) { return o.number % 5 == 0; }, mr::stateless) | mr::tap<"see">([&](order const& o) { seen.push_back(o.number); }),
                 crew, {.capacity = 128, .plan = mr::groups{{"odd", "keyed", "free"}, {"keyed", "free"}, {"see"}}}};
  auto in = run.input();
  for (int i = 0; i < 3000; ++i) {
    REQUIRE(in.publish([&](order& o) { o = {i, i}; }) == mr::status::ok);
    if (i % 50 == 0) REQUIRE(run.apply(i % 100 == 0 ? mr::fused : mr::grouping{mr::groups{{"free"}, {"odd", "keyed", "free"}, {"keyed", "see"}}}) == mr::status::ok);
  }
  CHECK(run.finish().ok());
  REQUIRE(seen.size() == 100);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i] == static_cast<int>(i) * 30 + 15);
}

TEST_CASE("errors in shared stages: skipped and diverted events are counted exactly") {
  int dead = 0, live = 0;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() |
                     mr::map<"keyed">([](order const& o) { return o.number % 10 == 3 ? throw std::runtime_error{"three"} : o.number; }, mr::keyed_by(&order::key),
                                      mr::on_error(mr::divert<"dead">([&](order const& o, std::exception_ptr const&) { dead += o.number % 10 == 3 ? 1 : 1000; }))) |
                     mr::tap<"free">([](int n) { if (n % 10 == 4) throw 4; }, mr::stateless, mr::on_error(mr::skip)) | mr::tap<"live">([&](int n) { live += n % 10 == 3 || n % 10 == 4 ? 1000 : 1; }),
                 crew, {.capacity = 64, .plan = mr::groups{{"keyed", "free", "dead"}, {"keyed", "free"}, {"live"}}}};
  auto in = run.input();
  for (int i = 0; i < 5000; ++i) {
    REQUIRE(in.publish([&](order& o) { o = {i, i}; }) == mr::status::ok);
    if (i % 70 == 0) REQUIRE(run.apply(i % 140 == 0 ? mr::fused : mr::grouping{mr::groups{{"free"}, {"keyed", "free"}, {"keyed", "live", "dead"}}}) == mr::status::ok);
  }
  auto const report = run.finish();
  CHECK(report.ok());
  CHECK(report.failed == 1000);
  CHECK(dead == 500);
  CHECK(live == 4000);
}

TEST_CASE("a handler of a shared stage that throws stops the runner, whoever runs its lanes") {
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::tap<"keyed">([](order const& o) { if (o.number == 777) throw std::runtime_error{"777"}; }, mr::keyed_by(&order::key)) | mr::tap<"after">([](order const&) {}), crew,
                 {.capacity = 64, .plan = mr::groups{{"keyed"}, {"keyed"}, {"keyed", "after"}}}};
  auto in = run.input();
  auto s = mr::status::ok;
  for (int i = 0; s == mr::status::ok; ++i) s = in.publish([&](order& o) { o = {i, i}; });
  auto const report = run.finish();
  CHECK(report.failed_stage == "keyed");
  CHECK(report.failed_at == 777);
}

TEST_CASE("the handlers of all lanes hear of start and stop, once each") {
  static std::atomic<int> starts, stops;
  starts = stops = 0;
  struct hearing {
    int calls = 0;
    void operator()(order const&) { ++calls; }
    void on_start() { ++starts; }
    void on_stop() { ++stops; }
  };
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  {
    mr::runner run{mr::from<order>() | mr::tap<"keyed">(hearing{}, mr::keyed_by(&order::key)), crew, {.plan = mr::groups{{"keyed"}, {"keyed"}, {"keyed"}}}};
    auto in = run.input();
    for (int i = 0; i < 1000; ++i) {
      REQUIRE(in.publish([&](order& o) { o = {i, i}; }) == mr::status::ok);
      if (i % 100 == 0) REQUIRE(run.apply(i % 200 == 0 ? mr::fused : mr::grouping{mr::groups{{"keyed"}, {"keyed"}}}) == mr::status::ok);
    }
    std::thread changer{[&] {  // while stages close: a lane that is closed may change hands
      for (int i = 0; run.apply(i % 2 == 0 ? mr::fused : mr::grouping{mr::groups{{"keyed"}, {"keyed"}, {"keyed"}}}) == mr::status::ok; ++i) std::this_thread::yield();
    }};
    CHECK(run.finish().ok());
    changer.join();
  }
  CHECK(starts == 64);
  CHECK(stops == 64);
}

TEST_CASE("on one thread the same result") {
  std::atomic<int> wrong{0};
  std::uint64_t sum = 0;
  auto p = mr::from<order>() | mr::map<"keyed">(ledger{wrong}, mr::keyed_by(&order::key)) | mr::map<"free">([](std::uint64_t v) { return v + 1; }, mr::stateless) |
           mr::tap<"after">([&](std::uint64_t v) { sum += v; });
  std::vector<order> all;
  for (int i = 0; i < 1000; ++i) all.push_back({i % keys, i});
  CHECK(mr::run_inline(p, all) == 1000);
  CHECK(wrong == 0);
  CHECK(sum == 3 * 999 * 500 + 1000);
}

TEST_CASE("plans for shared stages: too many shares, serial stages in two groups") {
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::tap<"keyed">([](order const&) {}, mr::keyed_by(&order::key)) | mr::tap<"after">([](order const&) {}), crew};
  CHECK_THROWS_WITH(run.apply(mr::groups{{"keyed", "after"}, {"after"}}), "millrace: stage after is named twice, and one worker at a time can run it");
  CHECK_THROWS_WITH(run.apply(mr::groups{{"keyed", "keyed"}, {"after"}}), "millrace: stage keyed is named twice");
  CHECK_THROWS_WITH(run.apply(mr::groups{{"keyed"}, {"keyed"}}), "millrace: stage after is in no group");
  CHECK(run.apply(mr::groups{{"keyed"}, {"keyed", "after"}}) == mr::status::ok);
}

TEST_CASE("a stage that is to be alone may stand before a keyed one, and be one: nobody has named who deals") {
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  int seen = 0;
  auto const see = [&](order const&) { ++seen; };
  mr::runner before{mr::from<order>() | mr::tap<"slow">(see) | mr::apart<"slow"> | mr::tap<"keyed">([](order const&) {}, mr::keyed_by(&order::key)), crew};
  mr::runner keyed{mr::from<order>() | mr::tap<"keyed">([](order const&) {}, mr::keyed_by(&order::key)) | mr::apart<"keyed"> | mr::tap<"after">(see), crew};
  auto const publish_to = [](auto& run) {
    auto in = run.input();
    for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&](order& o) { o = {i % keys, i}; }) == mr::status::ok);
    CHECK(run.finish().done == 100);
  };
  publish_to(before);
  CHECK(seen == 100);
  publish_to(keyed);
  CHECK(seen == 200);
}
