// SPDX-License-Identifier: MIT
#include <millrace/base/store.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;

namespace {
struct immovable {
  explicit immovable(int v) : value{v}, self{this} {}
  immovable(immovable const&) = delete;
  auto operator=(immovable const&) -> immovable& = delete;
  int value;
  immovable const* self;
};
}  // namespace

TEST_CASE("values are found by their index, equal types too") {
  mr::store<int, std::string, int> s{{1}, {"two"}, {3}};
  CHECK(get<0>(s) == 1);
  CHECK(get<1>(s) == "two");
  CHECK(get<2>(s) == 3);
  get<2>(s) = 4;
  auto const& looked_at = s;
  CHECK(get<2>(looked_at) == 4);
  static_assert(std::is_same_v<decltype(get<1>(looked_at)), std::string const&>);
  static_assert(std::is_same_v<decltype(get<1>(s)), std::string&>);
  static_assert(std::is_same_v<mr::element<1, decltype(s)>, std::string>);
}

TEST_CASE("a store in a store is a value like any other") {
  mr::store<mr::store<int>, int> s{{{{1}}}, {2}};
  CHECK(get<0>(get<0>(s)) == 1);
  CHECK(get<1>(s) == 2);
}

TEST_CASE("members are made in their place: what cannot move can be one") {
  mr::store<immovable, int> s{{immovable{7}}, {8}};
  CHECK(get<0>(s).value == 7);
  CHECK(get<0>(s).self == &get<0>(s));
}

TEST_CASE("append moves what is there and adds one value at the end") {
  auto one = mr::append(mr::store<>{}, std::make_unique<int>(1));
  auto two = mr::append(std::move(one), std::string{"two"});
  static_assert(std::is_same_v<decltype(two), mr::store<std::unique_ptr<int>, std::string>>);
  REQUIRE(get<0>(two) != nullptr);
  CHECK(*get<0>(two) == 1);
  CHECK(get<1>(two) == "two");
  CHECK(get<0>(one) == nullptr);
}

TEST_CASE("append destroys what it moved from, and nothing is lost if it throws") {
  using support::counted;
  for (long k = 1;; ++k) {
    counted::begin();
    bool done = false;
    try {
      mr::store<counted, counted> have{{counted{1}}, {counted{2}}};
      counted next{3};
      counted::plan = support::failure_plan{k};
      auto const all = mr::append(std::move(have), std::move(next));
      counted::plan = support::failure_plan{};
      done = get<0>(all).value == 1 && get<1>(all).value == 2 && get<2>(all).value == 3;
    } catch (support::planned_failure const&) {
    }
    CHECK(counted::alive() == 0);
    CHECK(counted::wrong == 0);
    if (done) {
      CHECK(k == 4);  // three moves could throw
      break;
    }
    REQUIRE(k < 4);
  }
}

TEST_CASE("a store costs what its values cost") {
  static_assert(sizeof(mr::store<int, int>) == 2 * sizeof(int));
  static_assert(std::is_aggregate_v<mr::store<int, std::string>>);
  static_assert(std::is_empty_v<mr::store<>>);
  SUCCEED();
}
