// SPDX-License-Identifier: MIT
#include <millrace/place/caches.hpp>

#include <vector>

#include <millrace/place/placement.hpp>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace;

TEST_CASE("processors of one large cache have one number, in the order in which they appear") {
  auto const t = topology::synthetic(places::two_sockets_numbered);
  CHECK(caches_of(t.processors(), {0, 7, 8, 64, 40}) == std::vector<std::uint32_t>{0, 0, 1, 0, 2});
  CHECK(caches_of(t.processors(), {40, 0, 41}) == std::vector<std::uint32_t>{0, 1, 0});
}

TEST_CASE("where no cache is known the node counts, and an unpinned worker is with the first") {
  auto const flat = topology::synthetic(places::flat);
  CHECK(caches_of(flat.processors(), {0, 3, 6}) == std::vector<std::uint32_t>{0, 0, 0});
  CHECK(caches_of(flat.processors(), {0, unpinned}) == std::vector<std::uint32_t>{0, 0});
  CHECK(caches_of({}, {0, 1}) == std::vector<std::uint32_t>{0, 0});
}
