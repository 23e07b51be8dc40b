// SPDX-License-Identifier: MIT
// What a stage that is shared by key keeps: with its keys under changing plans, and looked at behind one event while events flow.
#include <millrace/stage/keyed_state.hpp>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include <millrace.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

struct order {
  int key = 0;
  std::int64_t number = 0;
};
struct account {
  std::int64_t count = 0, last = -1, sum = 0;
};
/// The table is a base; each account sees its own events in order.
struct accounts : mr::keyed_state<int, account> {
  std::atomic<int>* wrong = nullptr;
  auto operator()(order const& o) -> std::int64_t {
    auto& a = (*this)[o.key];
    if (a.last >= o.number) ++*wrong;
    a.last = o.number, a.sum += o.number, ++a.count;
    return a.count;
  }
};
/// The table is a member, of another kind.
struct totals {
  mr::keyed_state<int, std::int64_t, std::map<int, std::int64_t>> table;
  void operator()(order const& o) { table[o.key] += o.number; }
  void keep_lane(std::size_t lane) { table.keep_lane(lane); }
};

/// 0.9: the first of 1000 keys has about one event in 17.
auto zipf_keys(std::size_t n) -> std::vector<int> {
  std::vector<double> weights;
  for (int k = 1; k <= 1000; ++k) weights.push_back(std::pow(k, -0.9));
  std::mt19937 dice{12345};
  std::discrete_distribution<int> draw{weights.begin(), weights.end()};
  std::vector<int> keys(n);
  for (auto& k : keys) k = draw(dice);
  return keys;
}
/// What a table must hold that has seen the first n events.
auto expected(std::vector<int> const& keys, std::int64_t n) -> std::map<int, account> {
  std::map<int, account> all;
  for (std::int64_t i = 0; i < n; ++i) {
    auto& a = all[keys[static_cast<std::size_t>(i)]];
    a.last = i, a.sum += i, ++a.count;
  }
  return all;
}
auto same(std::map<int, account> const& a, std::map<int, account> const& b) -> bool {
  if (a.size() != b.size()) return false;
  for (auto const& [key, x] : a) {
    auto const at = b.find(key);
    if (at == b.end() || at->second.count != x.count || at->second.last != x.last || at->second.sum != x.sum) return false;
  }
  return true;
}

mr::grouping const plans[] = {mr::fused, mr::spread, mr::groups{{"keyed"}, {"keyed", "last"}}, mr::groups{{"keyed", "last"}, {"keyed"}, {"keyed"}}, mr::groups{{"last"}, {"keyed"}}};

}  // namespace

TEST_CASE("tables go with their keys, and are looked at behind one event while events flow and plans change") {
  constexpr int n = 60'000;
  auto const keys = zipf_keys(n);
  std::atomic<int> wrong{0};
  accounts handler;
  handler.wrong = &wrong;
  mr::workers crew{{.max = 3, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::map<"keyed">(handler, mr::keyed_by(&order::key)) | mr::tap<"last">([](std::int64_t) {}), crew, {.capacity = 256, .plan = plans[2]}};
  std::atomic<bool> done{false};
  std::thread producer{[&] {
    auto in = run.input();
    for (int i = 0; i < n; ++i)
      if (in.publish([&](order& o) { o = {keys[static_cast<std::size_t>(i)], i}; }) != mr::status::ok) break;
    done = true;
  }};
  std::thread changer{[&] {
    for (std::size_t i = 0; !done; ++i) {
      if (run.apply(plans[i % 5]) != mr::status::ok) break;
      std::this_thread::yield();
    }
  }};
  mr::sequence before = 0;
  int visits = 0;
  do {
    std::map<int, account> seen;
    auto const at = run.visit<"keyed">([&](accounts const& part) {
      for (auto const& [key, a] : part) seen[key] = a;
    });
    REQUIRE(at.has_value());
    CHECK(*at >= before);
    CHECK(same(seen, expected(keys, *at)));
    before = *at;
    ++visits;
  } while (!done);
  producer.join();
  changer.join();
  CHECK(run.finish().done == n);
  CHECK(wrong == 0);
  std::map<int, account> seen;
  std::size_t parts = 0;
  CHECK(run.visit<"keyed">([&](accounts const& part) {
    ++parts;
    for (auto const& [key, a] : part) CHECK(seen.emplace(key, a).second);  // each key in one table
  }) == n);
  CHECK(parts == 64);
  CHECK(visits > 0);
  CHECK(same(seen, expected(keys, n)));
}

TEST_CASE("what a table holds in the beginning is dealt to the groups, also as a member") {
  totals handler;
  for (int k = 0; k < 500; ++k) handler.table[k] = 1'000'000;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::tap<"keyed">(handler, mr::keyed_by(&order::key)), crew, {.capacity = 64, .plan = mr::groups{{"keyed"}, {"keyed"}}}};
  auto in = run.input();
  for (int i = 0; i < 1000; ++i) REQUIRE(in.publish([&](order& o) { o = {i % 500, i}; }) == mr::status::ok);
  REQUIRE(run.flush() == mr::status::ok);
  std::map<int, std::int64_t> seen;
  CHECK(run.visit<"keyed">([&](totals const& part) {
    for (auto const& [key, v] : part.table) CHECK(seen.emplace(key, v).second);
  }) == 1000);
  REQUIRE(seen.size() == 500);
  for (auto const& [key, v] : seen) CHECK(v == 1'000'000 + key + (key + 500));
}

TEST_CASE("visits of a paused runner, of one that is stopped meanwhile, and of one whose visitor throws") {
  std::atomic<int> wrong{0};
  accounts handler;
  handler.wrong = &wrong;
  mr::workers crew{{.max = 2, .place = {.pin = false}}};
  mr::runner run{mr::from<order>() | mr::map<"keyed">(handler, mr::keyed_by(&order::key)) | mr::tap<"last">([](std::int64_t) {}), crew,
                 {.capacity = 64, .plan = mr::groups{{"keyed"}, {"keyed", "last"}}, .paused = true}};
  CHECK(run.visit<"keyed">([](accounts const& part) { CHECK(part.size() == 0); }) == 0);
  run.start();
  auto in = run.input();
  for (int i = 0; i < 100; ++i) REQUIRE(in.publish([&](order& o) { o = {i, i}; }) == mr::status::ok);
  REQUIRE(run.flush() == mr::status::ok);
  CHECK_THROWS_AS(run.visit<"keyed">([](accounts const&) { throw std::runtime_error{"enough"}; }), std::runtime_error);
  for (int i = 100; i < 1000; ++i) REQUIRE(in.publish([&](order& o) { o = {i, i}; }) == mr::status::ok);
  std::size_t size = 0;
  CHECK(run.visit<"keyed">([&](accounts const& part) { size += part.size(), run.stop(); }).has_value());  // stops while it is looked at
  CHECK(size <= 1000);
  CHECK(run.finish().stopped);
  CHECK(run.visit<"keyed">([](accounts const&) {}).has_value());
  CHECK(wrong == 0);
}

TEST_CASE("a visit with threads of the program's own, behind an own source, of the second ring") {
  std::atomic<int> wrong{0};
  accounts handler;
  handler.wrong = &wrong;
  mr::workers crew{{.max = 1, .own_threads = true}};
  mr::runner run{mr::generate([i = 0]() mutable { return i == 3000 ? std::optional<order>{} : std::optional{order{i % 7, i++}}; }) | mr::compact<"again">() |
                     mr::map<"keyed">(handler, mr::keyed_by(&order::key)) | mr::tap<"last">([](std::int64_t) {}),
                 crew, {.capacity = 16}};
  for (int i = 0; i < 5; ++i) {
    std::int64_t count = 0;
    auto const at = run.visit<"keyed">([&](accounts const& part) {
      for (auto const& [key, a] : part) count += a.count;
    });
    CHECK(at == count);
    static_cast<void>(run.work_some());
  }
  CHECK(run.finish().done == 3000);
  CHECK(run.visit<"keyed">([](accounts const&) {}) == 3000);
}
