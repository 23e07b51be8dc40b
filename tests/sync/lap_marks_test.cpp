// SPDX-License-Identifier: MIT
#include <millrace/sync/lap_marks.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using marks = mr::lap_marks<mr::std_platform>;
using mark = marks::mark;

TEST_CASE("a mark is of one lap, at any distance from the first") {
  auto const slots = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{16});
  auto const first = GENERATE(mr::sequence{0}, mr::sequence{3}, (mr::sequence{1} << 31) - 2, (mr::sequence{1} << 32) - 1, mr::sequence_limit - 200);
  CAPTURE(slots, first);
  auto const size = static_cast<mr::sequence>(slots);
  marks m{mr::capacity{slots}, first};
  CHECK(m.ready(first, first + 100) == first);
  for (auto q = first; q < first + 5 * size; ++q) {
    REQUIRE(m.at(q) == mark::none);
    REQUIRE(!m.reached(q));
    m.set(q, q % 2 == 0 ? mark::opens : mark::follows);
    REQUIRE(m.at(q) == (q % 2 == 0 ? mark::opens : mark::follows));
    REQUIRE(m.reached(q));
    REQUIRE(m.reached(q - size));
    REQUIRE(m.ready(q, q + 100) == q + 1);
    REQUIRE(m.ready(q - size + 1, q + 1) == q + 1);
  }
}
