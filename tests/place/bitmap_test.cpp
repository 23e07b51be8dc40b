// SPDX-License-Identifier: MIT
#include <millrace/place/bitmap.hpp>

#include <utility>

#include "support/catch.hpp"

using millrace::bitmap;

TEST_CASE("a bitmap holds what was added, however large") {
  bitmap b;
  CHECK(b.size() == 0);
  CHECK_FALSE(b.has(0));
  for (int const i : {0, 63, 64, 5000, 64}) b.add(i);
  CHECK(b.size() == 4);
  CHECK(b.has(5000));
  CHECK_FALSE(b.has(4999));
  auto const moved = std::move(b);
  CHECK(moved.size() == 4);
}
