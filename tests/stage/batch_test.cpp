// SPDX-License-Identifier: MIT
#include <millrace/stage/batch.hpp>

#include <array>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using support::counted;

namespace {
using marks = std::array<std::uint8_t, 5>;
template <typename Batch>
auto values_of(Batch const& b) {
  std::vector<int> all;
  for (auto const& v : b) all.push_back(v);
  return all;
}
}  // namespace

static_assert(std::forward_iterator<mr::batch<int>::iterator>);
static_assert(std::forward_iterator<mr::batch<int const>::iterator>);
static_assert(std::is_same_v<decltype(*std::declval<mr::batch<int const>>().begin()), int const&>);
static_assert(std::is_same_v<decltype(*std::declval<mr::batch<int>>().begin()), int&>);

TEST_CASE("a batch that no filter touched is an array") {
  std::array values{1, 2, 3, 4, 5};
  mr::batch<int> const b{values.data(), 5, 100, nullptr};
  CHECK(values_of(b) == std::vector{1, 2, 3, 4, 5});
  CHECK(b.size() == 5);
  CHECK_FALSE(b.empty());
  CHECK(b.data() == values.data());
  CHECK(b.first_sequence() == 100);
  for (auto& v : b) v *= 10;
  CHECK(values == std::array{10, 20, 30, 40, 50});
}

TEST_CASE("a batch steps over what was dropped, wherever it lies") {
  std::array values{0, 1, 2, 3, 4};
  for (unsigned dropped = 0; dropped < 32; ++dropped) {
    marks status{};
    std::vector<int> left;
    for (unsigned i = 0; i < 5; ++i) {
      status[i] = static_cast<std::uint8_t>((dropped >> i & 1) != 0 ? i + 1 : 0);
      if (status[i] == 0) left.push_back(static_cast<int>(i));
    }
    mr::batch<int const> const b{values.data(), 5, 7, status.data()};
    CAPTURE(dropped);
    CHECK(values_of(b) == left);
    CHECK(b.size() == left.size());
    CHECK(b.empty() == left.empty());
    CHECK(b.data() == (dropped == 0 ? values.data() : nullptr));
    CHECK(std::distance(b.begin(), b.end()) == static_cast<std::ptrdiff_t>(left.size()));
    CHECK(b.first_sequence() == 7);
  }
}

TEST_CASE("an iterator can be kept, compared and stepped either way of writing") {
  std::array<std::string, 3> values{"a", "bb", "ccc"};
  marks const status{0, 1, 0};
  mr::batch<std::string> const b{values.data(), 3, 0, status.data()};
  auto i = b.begin();
  auto const first = i++;
  CHECK(*first == "a");
  CHECK(i->size() == 3);
  CHECK(first != i);
  CHECK(++i == b.end());
  CHECK(mr::batch<std::string>::iterator{} == mr::batch<std::string>::iterator{});
}

TEST_CASE("a batch of nothing is empty") {
  mr::batch<int> const b{nullptr, 0, 0, nullptr};
  CHECK(b.empty());
  CHECK(b.size() == 0);
  CHECK(b.begin() == b.end());
}

TEST_CASE("results go to the slots of the events that are there, and no further") {
  std::array<int, 5> slots{-1, -1, -1, -1, -1};
  marks const status{3, 0, 3, 0, 3};
  mr::results<int> out{slots.data(), 5, nullptr, status.data()};
  CHECK_FALSE(out.complete());
  out(10);
  CHECK_FALSE(out.complete());
  out(20);
  CHECK(out.complete());
  CHECK_THROWS_AS(out(30), mr::bad_batch);
  CHECK(out.complete());
  CHECK(slots == std::array{-1, 10, -1, 20, -1});
}

TEST_CASE("results for nobody are complete") {
  std::array<int, 2> slots{};
  marks const all_dropped{1, 1};
  mr::results<int> none{slots.data(), 0, nullptr, nullptr}, dropped{slots.data(), 2, nullptr, all_dropped.data()};
  CHECK(none.complete());
  CHECK(dropped.complete());
  CHECK_THROWS_AS(none(1), mr::bad_batch);
  CHECK_THROWS_AS(dropped(1), mr::bad_batch);
}

TEST_CASE("a result is made in its place from what it is given") {
  struct pair_of {
    pair_of(int a, std::string b) : first{a}, second{std::move(b)} {}
    int first;
    std::string second;
  };
  std::allocator<pair_of> memory;
  auto* const slots = memory.allocate(2);
  std::array<std::uint8_t, 2> made{};
  mr::results<pair_of> out{slots, 2, made.data(), nullptr};
  out(1, "one");
  CHECK(made == std::array<std::uint8_t, 2>{1, 0});
  out(pair_of{2, "two"});
  CHECK(out.complete());
  CHECK(slots[0].second == "one");
  CHECK(slots[1].first == 2);
  std::destroy_n(slots, 2);
  memory.deallocate(slots, 2);
}

TEST_CASE("what lies in a slot is destroyed before a result is made there; if that throws the slot is empty") {
  counted::begin();
  std::allocator<counted> memory;
  auto* const slots = memory.allocate(3);
  std::array<std::uint8_t, 3> made{};
  for (int lap = 0; lap < 2; ++lap) {
    mr::results<counted> out{slots, 3, made.data(), nullptr};
    for (int i = 0; i < 3; ++i) out(lap * 10 + i);
    CHECK(counted::alive() == 3);
    CHECK(slots[2].value == lap * 10 + 2);
  }
  {
    mr::results<counted> out{slots, 3, made.data(), nullptr};
    out(20);
    counted::plan = support::failure_plan{1};
    CHECK_THROWS_AS(out(21), support::planned_failure);
    CHECK(made == std::array<std::uint8_t, 3>{1, 0, 1});
    CHECK(counted::alive() == 2);
    CHECK_FALSE(out.complete());
  }
  for (std::size_t i = 0; i < 3; ++i)
    if (made[i] != 0) slots[i].~counted();
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
  memory.deallocate(slots, 3);
}

TEST_CASE("verdicts mark what does not go on") {
  marks status{9, 9, 9, 9, 9};  // of the last lap
  mr::verdicts say{status.data(), 5, 4, false};
  for (bool const yes : {true, false, false, true, true}) {
    CHECK_FALSE(say.complete());
    say(yes);
  }
  CHECK(say.complete());
  CHECK(status == marks{0, 4, 4, 0, 0});
  CHECK_THROWS_AS(say(true), mr::bad_batch);
  CHECK(status == marks{0, 4, 4, 0, 0});
}

TEST_CASE("verdicts behind a filter leave out what it dropped") {
  marks status{1, 0, 1, 0, 0};
  mr::verdicts say{status.data(), 5, 4, true};
  say(false), say(true), say(false);
  CHECK(say.complete());
  CHECK(status == marks{1, 4, 1, 0, 4});
  marks dropped{1, 1, 1, 1, 1};
  CHECK(mr::verdicts{dropped.data(), 5, 4, true}.complete());
  CHECK(mr::verdicts{dropped.data(), 0, 4, false}.complete());
}
