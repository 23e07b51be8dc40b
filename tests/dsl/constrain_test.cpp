// SPDX-License-Identifier: MIT
#include <millrace/dsl/constrain.hpp>

#include <optional>

#include <millrace/dsl/sentence.hpp>
#include <millrace/stage/segment.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
auto const look = [](int const&) {};
auto const none = []() -> std::optional<int> { return {}; };
template <typename P>
using of = mr::segment<P>;
}  // namespace

TEST_CASE("without constraints a stage is together with itself, and apart from none") {
  auto p = mr::from<int>() | mr::tap<"a">(look) | mr::tap<"b">(look);
  STATIC_REQUIRE(of<decltype(p)>::together(1) == 0b10);
  STATIC_REQUIRE(of<decltype(p)>::apart(1) == 0);
}

TEST_CASE("together is transitive, and stages need not be neighbours") {
  auto p = mr::from<int>() | mr::tap<"a">(look) | mr::tap<"b">(look) | mr::tap<"c">(look) | mr::tap<"d">(look) | mr::together<"a", "c"> | mr::together<"d", "c">;
  using s = of<decltype(p)>;
  STATIC_REQUIRE(s::together(0) == 0b1101);
  STATIC_REQUIRE(s::together(3) == 0b1101);
  STATIC_REQUIRE(s::together(1) == 0b0010);
}

TEST_CASE("apart: each from each, and one name from all, also from stages that come later") {
  auto p = mr::from<int>() | mr::tap<"a">(look) | mr::tap<"b">(look) | mr::apart<"a", "b"> | mr::tap<"c">(look) | mr::apart<"c"> | mr::tap<"d">(look);
  using s = of<decltype(p)>;
  STATIC_REQUIRE(s::apart(0) == 0b0110);
  STATIC_REQUIRE(s::apart(1) == 0b0101);
  STATIC_REQUIRE(s::apart(2) == 0b1011);
  STATIC_REQUIRE(s::apart(3) == 0b0100);
}

TEST_CASE("an own source is a stage too") {
  auto p = mr::generate(none) | mr::tap<"a">(look) | mr::tap<"b">(look) | mr::together<"source", "b"> | mr::apart<"a">;
  using s = of<decltype(p)>;
  STATIC_REQUIRE(s::together(0) == 0b101);
  STATIC_REQUIRE(s::apart(1) == 0b101);
  STATIC_REQUIRE(s::apart(0) == 0b010);
}

TEST_CASE("constraints may be part of a fragment") {
  auto const tail = mr::tap<"b">(look) | mr::tap<"c">(look) | mr::together<"b", "c">;
  auto p = mr::from<int>() | mr::tap<"a">(look) | tail;
  STATIC_REQUIRE(of<decltype(p)>::together(1) == 0b110);
}
