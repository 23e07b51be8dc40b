// SPDX-License-Identifier: MIT
#include <millrace/base/capacity.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("a capacity is a power of two from 1 to 2^40") {
  for (int power = 0; power <= 40; ++power) {
    auto const slots = std::size_t{1} << power;
    mr::capacity const c{slots};
    CHECK(c.slots() == static_cast<mr::sequence>(slots));
    CHECK(c.mask() == static_cast<mr::sequence>(slots) - 1);
  }
}

TEST_CASE("any other capacity is refused with its number in the message") {
  auto const wrong = GENERATE(std::size_t{0}, std::size_t{3}, std::size_t{6}, std::size_t{1000}, (std::size_t{1} << 40) + 1,
                              std::size_t{1} << 41, std::size_t{1} << 63, SIZE_MAX);
  CAPTURE(wrong);
  std::string said;
  try {
    static_cast<void>(mr::capacity{wrong});
  } catch (mr::bad_capacity const& e) {
    said = e.what();
  }
  CHECK(said == "millrace: a ring's capacity must be a power of two between 1 and 2^40, not " + std::to_string(wrong));
}

TEST_CASE("a bad capacity is an error of the library and an invalid argument") {
  CHECK_THROWS_AS(mr::capacity{7}, mr::error);
  CHECK_THROWS_AS(mr::capacity{7}, std::invalid_argument);
}

TEST_CASE("a slot is found by the low bits of the sequence, to the end of the range") {
  mr::capacity const one{1}, eight{8}, most{mr::capacity::most};
  CHECK(one.slot_of(0) == 0);
  CHECK(one.slot_of(mr::sequence_limit) == 0);
  CHECK(eight.slot_of(7) == 7);
  CHECK(eight.slot_of(8) == 0);
  CHECK(eight.slot_of(mr::sequence_limit) == 7);
  CHECK(most.slot_of((mr::sequence{1} << 40) + 5) == 5);
}

TEST_CASE("a capacity can be a constant") {
  constexpr mr::capacity c{16};
  static_assert(c.slots() == 16 && c.mask() == 15 && c.slot_of(17) == 1);
  CHECK(c.slots() == 16);
}
