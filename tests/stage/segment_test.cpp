// SPDX-License-Identifier: MIT
#include <millrace/stage/segment.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

namespace mr = millrace;
using support::counted;

namespace {
[[maybe_unused]] auto sentence() {
  return mr::from<std::string>() | mr::change<"decode">([](std::string& s) { s += '!'; }) |
         mr::map<"length">([](std::string const& s) { return s.size(); }) |
         mr::filter<"long">([](std::size_t const& n) { return n > 3; }) |
         mr::tap<"print">([](std::string const&, std::size_t const&) {}, mr::takes<"event", "length">);
}
using outside = mr::segment<decltype(sentence())>;
[[maybe_unused]] auto own() {
  return mr::generate([]() -> std::optional<int> { return {}; }) | mr::map<"a">([](int const&) { return 1L; }) |
         mr::tap<"b">([](long const&) {});
}
using inside = mr::segment<decltype(own())>;
}  // namespace

TEST_CASE("stages are numbered in the order of the sentence, an own source first") {
  CHECK(outside::stages == 4);
  CHECK(outside::name(0) == "decode");
  CHECK(outside::name(3) == "print");
  CHECK(inside::stages == 3);
  CHECK(inside::name(0) == "source");
  CHECK(inside::name(1) == "a");
  CHECK(inside::name(2) == "b");
}

TEST_CASE("who takes a value is known by its bit") {
  CHECK(outside::readers(0) == 0b1011);  // the event
  CHECK(outside::readers(2) == 0b1100);  // the length
  CHECK(outside::readers(1) == 0);
  CHECK(inside::readers(0) == 0b01);
  CHECK(inside::readers(1) == 0b10);
}

TEST_CASE("stages wait for those before them, the first for the producer, and the last free the slot") {
  CHECK(outside::waits_for(0) == 0);
  CHECK(outside::waits_for(1) == 0b0001);
  CHECK((outside::waits_for(3) & 0b0100) != 0);
  CHECK(outside::last_stages() == 0b1000);
  CHECK(inside::waits_for(0) == 0);
  CHECK(inside::waits_for(1) == 0b001);
  CHECK(inside::waits_for(2) == 0b010);
  CHECK(inside::last_stages() == 0b100);
}

TEST_CASE("masks of nodes reach to the end of the word") {
  CHECK(outside::nodes_between(0, 0) == 0);
  CHECK(outside::nodes_between(1, 3) == 0b110);
  CHECK(outside::nodes_between(0, 64) == ~std::uint64_t{0});
  CHECK(outside::nodes_between(63, 64) == std::uint64_t{1} << 63);
}

TEST_CASE("batch stages are known, a source is none") {
  using batches = mr::segment<decltype(mr::from<int>() | mr::tap<"a">([](int const&) {}) |
                                       mr::tap<"b">([](mr::batch<int const>) {}, mr::in_batches))>;
  static_assert(!batches::is_batch_stage(0) && batches::is_batch_stage(1));
  static_assert(!inside::is_batch_stage(0) && !inside::is_batch_stage(1));
  SUCCEED();
}

TEST_CASE("every column is seen before it is touched, and events are there afterwards") {
  outside::slot_layout slots;
  std::vector<std::size_t> bytes;
  slots.allocate(mr::capacity{8}, [&](void* memory, std::size_t n) {
    CHECK((memory == nullptr) == (n == 0));
    bytes.push_back(n);
  });
  CHECK(bytes == std::vector<std::size_t>{8 * sizeof(std::string), 0, 8 * sizeof(std::size_t), 0, 0});
  CHECK(get<0>(slots.columns)[7].empty());
  CHECK(slots.status[0] == nullptr);
  REQUIRE(slots.status[2] != nullptr);  // the filter's
  for (std::size_t i = 0; i < 8; ++i) CHECK(slots.status[2][i] == 0);
  inside::slot_layout none;
  none.allocate(mr::capacity{4}, [](void*, std::size_t) {});
  CHECK(none.status[0] == nullptr);
}

TEST_CASE("a ring whose events cannot all be made leaves none, and one that is reset neither") {
  auto counting = mr::from<counted>() | mr::map<"copy">([](counted const& c) { return counted{c.value}; });
  using segment = mr::segment<decltype(counting)>;
  for (long k = 1; k <= 9; ++k) {
    counted::begin(k);
    {
      segment::slot_layout slots;
      if (k <= 8) CHECK_THROWS_AS(slots.allocate(mr::capacity{8}, [](void*, std::size_t) {}), support::planned_failure);
      else slots.allocate(mr::capacity{8}, [](void*, std::size_t) {});
    }
    CHECK(counted::alive() == 0);
  }
  counted::begin();
  segment::slot_layout slots;
  for (int i = 0; i < 3; ++i) {
    slots.allocate(mr::capacity{4}, [](void*, std::size_t) {});
    get<1>(slots.columns).put(2, [] { return counted{1}; });
    CHECK(counted::alive() == 5);
    slots.reset();
    CHECK(counted::alive() == 0);
    CHECK(get<0>(slots.columns).memory() == nullptr);
  }
  CHECK(counted::wrong == 0);
}

TEST_CASE("events of an own source are made when they come, not before") {
  counted::begin();
  auto p = mr::generate([]() -> std::optional<counted> { return {}; }) | mr::tap<"look">([](counted const&) {});
  mr::segment<decltype(p)>::slot_layout slots;
  slots.allocate(mr::capacity{8}, [](void*, std::size_t) {});
  CHECK(counted::made == 0);
}
