// SPDX-License-Identifier: MIT
#include <millrace/ring/column.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <new>
#include <string>

#include <millrace/base/cache_line.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/failing_new.hpp"

namespace mr = millrace;
using support::counted;
using support::failure_plan;
using support::planned_failure;

namespace {
struct no_default {
  explicit no_default(int v) : value{v} {}
  int value;
};
struct immovable {
  immovable() = default;
  explicit immovable(int v) : value{v} {}
  immovable(immovable const&) = delete;
  auto operator=(immovable const&) -> immovable& = delete;
  int value = 0;
};
struct assigned_never {  // moves, but has a constant inside
  int const value = 0;
};
struct alignas(128) wide {
  int value = 0;
};
struct alignas(4096) page {
  std::string text;
};
struct odd_address {  // what its address is cannot be asked the ordinary way
  auto operator&() const -> odd_address* = delete;
  int value = 0;
};
template <typename T, bool Resident>
struct made_column : mr::column<T, Resident> {
  explicit made_column(std::size_t n) {
    this->allocate(mr::capacity{n});
    this->construct();
  }
};
}  // namespace

TEST_CASE("values live in the ring if they can be written over, or can do nothing else") {
  static_assert(mr::lives_in_ring<int>);
  static_assert(mr::lives_in_ring<std::string>);
  static_assert(mr::lives_in_ring<std::unique_ptr<int>>);
  static_assert(mr::lives_in_ring<immovable>);
  static_assert(!mr::lives_in_ring<no_default>);
  static_assert(!mr::lives_in_ring<assigned_never>);
  static_assert(!mr::column<int, false>::flagged);
  static_assert(mr::column<std::string, false>::flagged);
  static_assert(!mr::column<std::string, true>::flagged);
  SUCCEED();
}

TEST_CASE("resident values are made once, written over, and destroyed once") {
  counted::begin();
  {
    made_column<counted, true> c{8};
    CHECK(counted::made == 8);
    CHECK(c.made() == nullptr);
    for (int lap = 0; lap < 3; ++lap)
      for (std::size_t i = 0; i < 8; ++i) {
        c.put(i, [&] { return counted{static_cast<int>(i) + lap}; });
        REQUIRE(c[i].value == static_cast<int>(i) + lap);
        REQUIRE(c.data()[i].value == c[i].value);
      }
    CHECK(counted::alive() == 8);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("values that are not resident are made by elision, and destroyed when their slot is used again") {
  counted::begin();
  {
    made_column<counted, false> c{4};
    CHECK(counted::made == 0);
    REQUIRE(c.made() != nullptr);
    CHECK(c.made()[2] == 0);
    c.put(2, [] { return counted{7}; });
    CHECK(counted::made == 1);  // in its place
    CHECK(c[2].value == 7);
    CHECK(c.made()[2] == 1);
    c.put(2, [] { return counted{8}; });
    CHECK(counted::made == 2);
    CHECK(counted::alive() == 1);
    CHECK(c[2].value == 8);
    c.put(0, [] { return counted{9}; });
    CHECK(counted::alive() == 2);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("the k-th constructor throws: what was made before is destroyed, whichever it was") {
  for (long k = 1; k <= 9; ++k) {
    counted::begin(k);
    bool threw = false;
    try {
      made_column<counted, true> c{8};
    } catch (planned_failure const&) {
      threw = true;
    }
    CAPTURE(k);
    CHECK(threw == (k <= 8));
    CHECK(counted::made == (k <= 8 ? k - 1 : 8));
    CHECK(counted::alive() == 0);
    CHECK(counted::wrong == 0);
  }
}

TEST_CASE("construction that failed can be taken up again where it stopped") {
  counted::begin(3);
  {
    mr::column<counted, true> c;
    c.allocate(mr::capacity{4});
    CHECK_THROWS_AS(c.construct(), planned_failure);
    CHECK(counted::alive() == 2);
    c.construct();
    CHECK(counted::alive() == 4);
    c.construct();
    CHECK(counted::made == 4);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("put throws: a slot made anew is empty, a resident one keeps a value, nothing leaks") {
  counted::begin();
  {
    made_column<counted, false> fresh{2};
    fresh.put(0, [] { return counted{1}; });
    CHECK_THROWS_AS(fresh.put(0, []() -> counted { throw planned_failure{}; }), planned_failure);
    CHECK(fresh.made()[0] == 0);
    CHECK(counted::alive() == 0);
    counted::plan = failure_plan{1};
    CHECK_THROWS_AS(fresh.put(0, [] { return counted{2}; }), planned_failure);
    CHECK(fresh.made()[0] == 0);
    counted const from{3};
    counted::plan = failure_plan{1};
    CHECK_THROWS_AS(fresh.put(1, [&]() -> counted const& { return from; }), planned_failure);
    CHECK(fresh.made()[1] == 0);
    fresh.put(0, [] { return counted{4}; });
    CHECK(fresh[0].value == 4);

    made_column<counted, true> resident{2};
    resident[1].value = 5;
    CHECK_THROWS_AS(resident.put(1, []() -> counted { throw planned_failure{}; }), planned_failure);
    CHECK(resident[1].value == 5);
    counted::plan = failure_plan{2};  // made, but not assigned
    CHECK_THROWS_AS(resident.put(1, [] { return counted{6}; }), planned_failure);
    CHECK(resident[1].value == 5);
  }
  CHECK(counted::alive() == 0);
  CHECK(counted::wrong == 0);
}

TEST_CASE("any kind of value has its place") {
  SECTION("move-only") {
    made_column<std::unique_ptr<int>, true> resident{2};
    resident.put(1, [] { return std::make_unique<int>(3); });
    CHECK(*resident[1] == 3);
    made_column<std::unique_ptr<int>, false> fresh{2};
    for (int lap = 0; lap < 3; ++lap) fresh.put(1, [&] { return std::make_unique<int>(lap); });
    CHECK(*fresh[1] == 2);
  }
  SECTION("without a default constructor") {
    made_column<no_default, false> c{2};
    c.put(0, [] { return no_default{4}; });
    CHECK(c[0].value == 4);
  }
  SECTION("immovable") {
    made_column<immovable, false> fresh{2};
    fresh.put(1, [] { return immovable{5}; });
    CHECK(fresh[1].value == 5);
    made_column<immovable, true> resident{2};
    resident[1].value = 6;
    CHECK(resident[1].value == 6);
  }
  SECTION("with a constant inside") {
    made_column<assigned_never, false> c{1};
    for (int lap = 0; lap < 3; ++lap) c.put(0, [&] { return assigned_never{lap}; });
    CHECK(c[0].value == 2);
  }
  SECTION("whose address-of is its own") {
    made_column<odd_address, true> c{2};
    c.put(1, [] { return odd_address{.value = 7}; });
    CHECK(c[1].value == 7);
  }
}

TEMPLATE_TEST_CASE("values stand where their alignment wants them, one after the other, the first at the start of a line", "",
                   char, std::uint64_t, wide, page, (std::array<std::uint64_t, 8>)) {
  auto const slots = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{8});
  made_column<TestType, true> c{slots};
  CHECK(c.memory() == c.data());
  CHECK(c.bytes() == slots * sizeof(TestType));
  auto const at = reinterpret_cast<std::uintptr_t>(c.memory());
  CHECK(at % alignof(TestType) == 0);
  CHECK(at % mr::cache_line_size == 0);  // a small event does not lie across two lines, and two columns share none at their start
  for (std::size_t i = 0; i < slots; ++i) CHECK(c.data() + i == std::addressof(c[i]));
}

TEST_CASE("memory is not touched before it is constructed: its pages can still be bound") {
  mr::column<std::uint64_t, true> c;
  CHECK(c.memory() == nullptr);
  CHECK(c.bytes() == 0);
  c.allocate(mr::capacity{4});
  std::fill_n(static_cast<unsigned char*>(c.memory()), c.bytes(), static_cast<unsigned char>(0xFF));
  c.construct();
  for (std::size_t i = 0; i < 4; ++i) CHECK(c[i] == 0);  // value-initialised
}

namespace {
struct huge {
  std::array<char, (std::size_t{1} << 24)> bytes;
};
struct huge_and_flagged {
  ~huge_and_flagged() {}
  std::array<char, (std::size_t{1} << 23)> bytes;
};
}  // namespace

TEST_CASE("more memory than there are addresses is refused cleanly") {
  SECTION("the product is zero in 64 bits") {
    mr::column<huge, true> c;
    CHECK_THROWS_AS(c.allocate(mr::capacity{mr::capacity::most}), std::bad_alloc);
    CHECK(c.memory() == nullptr);
    CHECK(c.bytes() == 0);
  }
  SECTION("the product is negative") {
    mr::column<huge_and_flagged, false> c;
    CHECK_THROWS_AS(c.allocate(mr::capacity{mr::capacity::most}), std::bad_alloc);
    CHECK(c.memory() == nullptr);
  }
}

#if SUPPORT_ALLOCATIONS_FAIL
TEST_CASE("any allocation may fail, and leaves an empty column") {
  counted::begin();
  for (long k = 0;; ++k) {
    mr::column<counted, false> c;
    support::allocations_left = k;
    bool failed = false;
    try {
      c.allocate(mr::capacity{4});
    } catch (std::bad_alloc const&) {
      failed = true;
    }
    support::allocations_left = -1;
    if (!failed) {
      CHECK(k == 2);  // the values, and whether they are made
      c.put(0, [] { return counted{1}; });
      break;
    }
    CHECK(c.memory() == nullptr);
    CHECK(c.made() == nullptr);
    REQUIRE(k < 2);
  }
  CHECK(counted::alive() == 0);
}
#endif

TEST_CASE("the column of a stage that returns nothing is nothing") {
  mr::column<void, false> c;
  c.allocate(mr::capacity{8});
  c.construct();
  CHECK(c.memory() == nullptr);
  CHECK(c.bytes() == 0);
  static_assert(std::is_empty_v<mr::column<void, false>>);
}
