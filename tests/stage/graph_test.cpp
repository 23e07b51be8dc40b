// SPDX-License-Identifier: MIT
#include <millrace/stage/graph.hpp>

#include <cstdint>
#include <type_traits>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
constexpr auto look = [](int const&) {};
template <mr::fixed_string Name, mr::verb Does>
using stage =
    mr::node<Name, mr::facts{.does = Does, .form = mr::shape::each}, decltype(look), mr::values<mr::value<-1, int>>, int>;
using a = stage<"a", mr::verb::tap>;
using bb = stage<"bb", mr::verb::map>;
using c = stage<"c", mr::verb::filter>;
}  // namespace

TEST_CASE("a node is found by its name") {
  CHECK(mr::index_of<a, bb, c>("a") == 0);
  CHECK(mr::index_of<a, bb, c>("bb") == 1);
  CHECK(mr::index_of<a, bb, c>("c") == 2);
  CHECK(mr::index_of<a, bb, c>("b") == mr::npos);
  CHECK(mr::index_of<a, bb, c>("") == mr::npos);
  CHECK(mr::index_of<>("a") == mr::npos);
}

TEST_CASE("only a map makes a result that is kept") {
  CHECK_FALSE(a::makes_result);
  CHECK(bb::makes_result);
  CHECK_FALSE(c::makes_result);
}

TEST_CASE("handlers that keep state are on lines of their own") {
  struct counter {
    int n = 0;
    void operator()(int const&) { ++n; }
  };
  using node = mr::node<"n", mr::facts{}, counter, mr::values<>, void>;
  mr::store<node, node> two{{{{}}}, {{{}}}};
  auto const between = reinterpret_cast<std::uintptr_t>(&get<1>(two)) - reinterpret_cast<std::uintptr_t>(&get<0>(two));
  CHECK(between >= mr::cache_line_size);
  CHECK(reinterpret_cast<std::uintptr_t>(&get<0>(two)) % mr::cache_line_size == 0);
}

TEST_CASE("a pipeline is told from all else, and a source of its own from one outside") {
  using outside = mr::source<int, mr::nothing>;
  using inside = mr::source<int, decltype(look)>;
  using tip = mr::tip<0, int, 0, 0, mr::values<mr::value<-1, int>>>;
  static_assert(mr::is_pipeline<mr::pipeline<outside, tip, a>> && !mr::is_pipeline<tip> && !mr::is_pipeline<int> &&
                !mr::is_pipeline<mr::refused>);
  static_assert(!outside::own && inside::own);
  static_assert(mr::pipeline<outside, tip, a, bb>::size == 2);
  static_assert(std::is_same_v<mr::pipeline<inside, tip, a>::event, int>);
  CHECK(mr::bit(0) == 1);
  CHECK(mr::bit(mr::most_stages) == std::uint64_t{1} << 61);
}
