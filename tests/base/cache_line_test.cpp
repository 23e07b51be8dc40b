// SPDX-License-Identifier: MIT
#include <millrace/base/cache_line.hpp>

#include <bit>

#include "support/catch.hpp"

TEST_CASE("the cache line is a power of two and no smaller than any machine's") {
  CHECK(std::has_single_bit(millrace::cache_line_size));
  CHECK(millrace::cache_line_size >= 64);
}
