// SPDX-License-Identifier: MIT
#include <millrace/base/sequence.hpp>

#include <cstdint>
#include <type_traits>

#include <millrace/base/capacity.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("sequences are signed, so that a difference is an ordinary number") {
  static_assert(std::is_signed_v<mr::sequence> && sizeof(mr::sequence) == 8);
  CHECK(mr::sequence{3} - mr::sequence{5} == -2);
}

TEST_CASE("what is added to the limit does not overflow: a capacity, or a whole claim of the largest ring") {
  static_assert(mr::sequence_limit <= INT64_MAX - 2 * static_cast<mr::sequence>(mr::capacity::most));
  static_assert(mr::sequence_limit <= INT64_MAX - mr::sequence_limit);
  CHECK(mr::sequence_limit + static_cast<mr::sequence>(mr::capacity::most) > mr::sequence_limit);
  CHECK(mr::sequence_limit / 1'000'000'000 / 86'400 / 365 > 145);  // years at a thousand million events a second
}
