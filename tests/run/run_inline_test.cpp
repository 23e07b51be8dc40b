// SPDX-License-Identifier: MIT
#include <millrace/run/run_inline.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

/// A source of the numbers from 0 to below `end`.
struct numbers {
  int end, next = 0;
  auto operator()() noexcept -> std::optional<int> { return next == end ? std::nullopt : std::optional{next++}; }
};

}  // namespace

TEST_CASE("run_inline passes a range through, in order") {
  auto const n = GENERATE(0, 1, 255, 256, 257, 1000);
  std::vector<int> in;
  for (int i = 0; i < n; ++i) in.push_back(i);
  std::vector<int> out;
  auto p = mr::from<int>() | mr::change<"a">([](int& v) { v *= 2; }) | mr::filter<"b">([](int v) { return v % 3 != 0; }) | mr::tap<"c">([&](int v) { out.push_back(v); });
  CHECK(mr::run_inline(p, in) == n);
  std::vector<int> expected;
  for (int i = 0; i < n; ++i)
    if (i * 2 % 3 != 0) expected.push_back(i * 2);
  CHECK(out == expected);
}

TEST_CASE("run_inline runs a source to its end, with batch handlers too") {
  auto const n = GENERATE(0, 1, 256, 1001);
  long sum = 0, batches = 0;
  CHECK(mr::run_inline(mr::generate(numbers{n}) | mr::tap<"sum">([&](int v) { sum += v; })) == n);
  CHECK(mr::run_inline(mr::generate(numbers{n}) | mr::map<"twice">([](int v) { return 2L * v; }) |
                       mr::tap<"sum">([&](mr::batch<long const> b) {
                         ++batches;
                         for (auto v : b) sum -= v;
                       }, mr::in_batches)) == n);
  CHECK(sum == -(static_cast<long>(n) * (n - 1) / 2));
  CHECK(batches <= n / 256 + 1);
}

TEST_CASE("run_inline throws what a handler throws, and can be used again") {
  int calls = 0;
  auto p = mr::from<int>() | mr::tap<"a">([&](int v) {
             ++calls;
             if (v == 2) throw std::string{"two"};
           });
  CHECK_THROWS_AS(mr::run_inline(p, std::vector{1, 2, 3}), std::string);
  CHECK(calls == 2);
  CHECK(mr::run_inline(p, std::vector{4, 5}) == 2);
  CHECK(calls == 4);
}

TEST_CASE("run_inline tries events again that are there when the source has ended") {
  int made = 0, calls = 0;
  std::vector<int> seen;
  auto p = mr::generate([&]() -> std::optional<int> { return made == 100 ? std::nullopt : std::optional{made++}; }) |
           mr::tap<"flaky">([&](int n) { if (n % 3 == 1 && calls++ % 2 == 0) throw n; }, mr::idempotent, mr::on_error(mr::retry(1, std::chrono::nanoseconds{0}))) |
           mr::tap<"see">([&](int n) { seen.push_back(n); });
  CHECK(mr::run_inline(p) == 100);
  CHECK(seen.size() == 100);
}

TEST_CASE("run_inline takes any range, and moves what it may") {
  std::list<std::unique_ptr<int>> in;
  for (int i = 0; i < 5; ++i) in.push_back(std::make_unique<int>(i));
  long sum = 0;
  struct moving {
    std::list<std::unique_ptr<int>>* of;
    struct iterator {
      std::list<std::unique_ptr<int>>::iterator at;
      auto operator*() const -> std::unique_ptr<int>&& { return std::move(*at); }
      auto operator++() -> iterator& { return ++at, *this; }
      auto operator!=(iterator const& o) const -> bool { return at != o.at; }
    };
    auto begin() const -> iterator { return {of->begin()}; }
    auto end() const -> iterator { return {of->end()}; }
  };
  CHECK(mr::run_inline(mr::from<std::unique_ptr<int>>() | mr::tap<"a">([&](std::unique_ptr<int> const& p) { sum += *p; }), moving{&in}) == 5);
  CHECK(sum == 10);
}

TEST_CASE("run_inline goes on when a hook of a stage that forgives throws, but for its start") {
  struct hooked {
    bool start_throws;
    void operator()(int) const {}
    void on_start() const { if (start_throws) throw 1; }
    void on_batch_end() const { throw 2; }
    void on_stop() const { throw 3; }
  };
  CHECK(mr::run_inline(mr::from<int>() | mr::tap<"a">(hooked{false}, mr::on_error(mr::skip)), std::vector{1, 2}) == 2);
  CHECK_THROWS_AS(mr::run_inline(mr::from<int>() | mr::tap<"a">(hooked{true}, mr::on_error(mr::skip)), std::vector{1, 2}), int);
  CHECK_THROWS_AS(mr::run_inline(mr::from<int>() | mr::tap<"a">(hooked{false}), std::vector{1, 2}), int);
}

TEST_CASE("run_inline tells handlers of start, batch end and stop") {
  struct listens {
    std::string* to;
    void operator()(int) const { *to += 'e'; }
    void on_start() const { *to += '<'; }
    void on_batch_end() const { *to += 'b'; }
    void on_stop() const { *to += '>'; }
  };
  std::string told;
  CHECK(mr::run_inline(mr::from<int>() | mr::tap<"a">(listens{&told}), std::vector{1, 2}) == 2);
  CHECK(told == "<eeb>");
}
