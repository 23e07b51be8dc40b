// SPDX-License-Identifier: MIT
// Several rings in a row: what the sentence makes of them, and what one thread does with them.
#include <millrace/dsl/sentence.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <millrace/run/run_inline.hpp>
#include <millrace/stage/segment.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

auto upto(int n) {
  std::vector<int> v;
  for (int i = 0; i < n; ++i) v.push_back(i);
  return v;
}
auto const below = [](int const& n) { return upto(n); };

/// A lazy range that counts, and cannot be copied.
struct counting {
  struct end_of {
    int n;
  };
  struct iterator {
    int at;
    auto operator*() const -> std::unique_ptr<int> { return std::make_unique<int>(at); }
    auto operator++() -> iterator& { return ++at, *this; }
    auto operator==(end_of e) const -> bool { return at == e.n; }
  };
  explicit counting(int n) : n_{n} {}
  counting(counting const&) = delete;
  auto operator=(counting const&) -> counting& = delete;
  auto begin() -> iterator { return {0}; }
  auto end() const -> end_of { return {n_}; }

 private:
  int n_;
};

}  // namespace

TEST_CASE("an expand ends a ring and opens another one, which numbers its stages anew but for plans") {
  auto p = mr::generate([]() -> std::optional<int> { return {}; }) | mr::tap<"a">([](int) {}) | mr::expand<"b">(below, mr::ring_of(64)) |
           mr::map<"c">([](int n) { return n; }) | mr::compact<"d">() | mr::tap<"e">([](int) {}) | mr::together<"a", "e"> | mr::apart<"c", "source">;
  STATIC_REQUIRE(mr::ring_count<decltype(p)> == 3);
  using last = mr::segment<mr::element<2, mr::rings_of<decltype(p)>>>;
  STATIC_REQUIRE(last::together(1) == 0b100010);
  STATIC_REQUIRE(last::apart(0, 6) == 0b001000);
  using first = mr::segment<mr::element<0, mr::rings_of<decltype(p)>>>;
  STATIC_REQUIRE((first::feeds && first::expands(2) && !first::expands(1)));
  STATIC_REQUIRE(!last::feeds);
  CHECK(capacity_of(get<1>(p.parts).from, mr::capacity{8}).slots() == 64);
  CHECK(capacity_of(get<2>(p.parts).from, mr::capacity{8}).slots() == 8);
}

TEST_CASE("expanded events pass in order, also when there are many more than a block") {
  std::vector<int> seen;
  auto p = mr::from<int>() | mr::expand<"below">(below) | mr::tap<"see">([&](int n) { seen.push_back(n); });
  CHECK(mr::run_inline(p, std::vector{3, 0, 1, 1000, 2}) == 5);
  std::vector<int> right;
  for (int n : {3, 0, 1, 1000, 2})
    for (int i = 0; i < n; ++i) right.push_back(i);
  CHECK(seen == right);
}

TEST_CASE("a range may be lazy, immovable, and give move-only events; or be a part of the event") {
  int sum = 0;
  auto p = mr::from<int>() | mr::expand<"count">([](int n) { return counting{n}; }) | mr::tap<"add">([&](std::unique_ptr<int> const& i) { sum += *i; });
  mr::run_inline(p, std::vector{4, 5});
  CHECK(sum == 6 + 10);
  std::string letters;
  auto q = mr::from<std::string>() | mr::expand<"letters">([](std::string const& s) -> std::string const& { return s; }) | mr::tap<"add">([&](char c) { letters += c; });
  mr::run_inline(q, std::vector<std::string>{"ab", "", "c"});
  CHECK(letters == "abc");
}

TEST_CASE("what a filter dropped is not expanded; compact keeps what is left") {
  std::vector<int> seen;
  auto p = mr::from<int>() | mr::filter<"odd">([](int n) { return n % 2 != 0; }) | mr::map<"twice">([](int n) { return 2 * n; }) | mr::compact<"few">() |
           mr::tap<"see">([&](int n, mr::at where) { seen.push_back(n * 100 + static_cast<int>(where.sequence)); });
  mr::run_inline(p, upto(6));
  CHECK(seen == std::vector<int>{200, 601, 1002});
}

TEST_CASE("an expanding handler hears what others hear, and may take its position and values by name") {
  struct hearing {
    int* heard;
    auto operator()(int n, long const& twice, mr::at where) const -> std::vector<long> { return {n, twice, static_cast<long>(where.sequence)}; }
    void on_start() const { *heard += 1; }
    void on_stop() const { *heard += 100; }
  };
  int heard = 0;
  std::vector<long> seen;
  auto p = mr::from<int>() | mr::map<"twice">([](int n) { return 2L * n; }) | mr::expand<"all">(hearing{&heard}, mr::takes<"event", "twice">) |
           mr::tap<"see">([&](long n) { seen.push_back(n); });
  mr::run_inline(p, std::vector{5, 6});
  CHECK(heard == 101);
  CHECK(seen == std::vector<long>{5, 10, 0, 6, 12, 1});
}

TEST_CASE("what an expanding handler or its range throws comes out, and what was open is closed") {
  struct bad_range {
    std::shared_ptr<int> alive;
    auto begin() -> int* { throw 3; }
    auto end() -> int* { return nullptr; }
  };
  auto const alive = std::make_shared<int>();
  auto p = mr::from<int>() | mr::expand<"bad">([&](int) { return bad_range{alive}; }) | mr::tap<"see">([](int) {});
  CHECK_THROWS_AS(mr::run_inline(p, std::vector{1}), int);
  auto q = std::move(p);
  CHECK(alive.use_count() <= 2);
}

TEST_CASE("sentences with several rings can be copied and be continued") {
  int calls = 0;
  auto const head = mr::from<int>() | mr::expand<"below">(below);
  auto one = head | mr::tap<"a">([&](int) { ++calls; });
  auto two = head | mr::fan_out(mr::tap<"a">([&](int) { ++calls; }), mr::tap<"b">([&](int) { ++calls; }));
  mr::run_inline(one, std::vector{3});
  mr::run_inline(two, std::vector{3});
  CHECK(calls == 9);
}
