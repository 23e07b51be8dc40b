// SPDX-License-Identifier: MIT
#include <millrace/dsl/bar.hpp>

#include <memory>
#include <utility>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "stage/rig.hpp"
#include "support/catch.hpp"

namespace mr = millrace;

namespace {
struct owner {
  std::unique_ptr<std::vector<int>> seen = std::make_unique<std::vector<int>>();
  void operator()(int const& i) const { seen->push_back(i); }
};
auto look = [](int const&) {};
using copyable = decltype(mr::from<int>() | mr::tap<"a">(look));
using move_only = decltype(mr::from<int>() | mr::tap<"a">(owner{}));
}  // namespace

static_assert(mr::part_of_a_sentence<copyable&>);
static_assert(mr::part_of_a_sentence<decltype(mr::tap<"a">(look)) const&>);
static_assert(mr::part_of_a_sentence<mr::refused>);
static_assert(!mr::part_of_a_sentence<int>);
static_assert(mr::becomes_a_value<copyable&>);
static_assert(mr::becomes_a_value<copyable const&>);
static_assert(mr::becomes_a_value<move_only>);
static_assert(!mr::becomes_a_value<move_only&>);
static_assert(!mr::becomes_a_value<move_only const>);

TEST_CASE("a sentence in a variable can begin several, each with handlers of its own") {
  int n = 0;
  auto const start = mr::from<int>() | mr::map<"count">([n](int const&) mutable { return ++n; });
  std::vector<int> left, right;
  support::rig a{start | mr::tap<"left">([&](int const& i) { left.push_back(i); }), 4};
  support::rig b{start | mr::tap<"right">([&](int const& i) { right.push_back(i); }), 4};
  for (int i = 0; i < 3; ++i) a.put(i, [&] { return i; });
  b.put(0, [] { return 0; });
  a.run(0, 2, 0, 3);
  b.run(0, 2, 0, 1);
  CHECK(left == std::vector{1, 2, 3});
  CHECK(right == std::vector{1});
}

TEST_CASE("a fragment can be attached more than once, in any category of value") {
  auto const looks = mr::tap<"look">(look) | mr::tap<"again">(look);
  auto a = mr::from<int>() | looks;
  auto b = mr::from<int>() | mr::tap<"first">(look) | looks;
  auto single = mr::tap<"single">(look);
  auto c = a | single | mr::tap<"last">(look);
  auto d = mr::from<int>() | (single | looks);
  STATIC_REQUIRE(decltype(a)::size == 2);
  STATIC_REQUIRE(decltype(b)::size == 3);
  STATIC_REQUIRE(decltype(c)::size == 4);
  STATIC_REQUIRE(decltype(d)::size == 3);
}

TEST_CASE("a sentence with a move-only handler is moved along") {
  owner o;
  auto const& seen = *o.seen;
  auto start = mr::from<int>() | mr::tap<"own">(std::move(o));
  auto looks = mr::tap<"b">(owner{}) | mr::tap<"c">(look);
  support::rig r{std::move(start) | std::move(looks), 4};
  r.put(0, [] { return 5; });
  r.run(0, 3, 0, 1);
  CHECK(seen == std::vector{5});
}

TEST_CASE("what was refused swallows the rest") {
  STATIC_REQUIRE(std::is_same_v<decltype(mr::refused{} | mr::tap<"a">(look)), mr::refused>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::from<int>() | mr::refused{}), mr::refused>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::tap<"a">(look) | mr::refused{} | mr::tap<"a">(look)), mr::refused>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::refused{} | mr::from<int>()), mr::refused>);
  STATIC_REQUIRE(std::is_same_v<decltype(mr::refused{} | 5), mr::refused>);
}
