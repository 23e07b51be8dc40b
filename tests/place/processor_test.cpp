// SPDX-License-Identifier: MIT
#include <millrace/place/processor.hpp>

#include "support/catch.hpp"

using namespace millrace;

TEST_CASE("two processors share the nearest cache that both use") {
  processor a, b;
  a.cache = {0, 0, 0, -1, -1};
  b.cache = {0, 0, 0, -1, -1};
  CHECK(shared_cache(a, b) == 1);
  b.cache = {1, 0, 0, -1, -1};
  CHECK(shared_cache(a, b) == 2);
  b.cache = {1, 1, 0, -1, -1};
  CHECK(shared_cache(a, b) == 3);
  b.cache = {1, 1, 1, -1, -1};
  CHECK(shared_cache(a, b) == 0);
}

TEST_CASE("a level that a machine does not have is not shared") {
  CHECK(shared_cache(processor{}, processor{}) == 0);
}
