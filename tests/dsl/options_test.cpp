// SPDX-License-Identifier: MIT
#include <millrace/dsl/options.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
using batches = mr::in_batches_option;
template <mr::fixed_string... N>
using names = mr::takes_option<N...>;
struct no_option {};
struct almost {
  static constexpr int kind = 0;
};
template <mr::option_kind K, typename... O>
using chosen = mr::option_of<K, void, mr::options<O...>>;
}  // namespace

static_assert(mr::stage_option<batches>);
static_assert(mr::stage_option<names<"a">>);
static_assert(!mr::stage_option<no_option>);
static_assert(!mr::stage_option<almost>);
static_assert(!mr::stage_option<int>);

static_assert(mr::one_of_a_kind<>);
static_assert(mr::one_of_a_kind<batches, names<"a">>);
static_assert(!mr::one_of_a_kind<batches, batches>);
static_assert(!mr::one_of_a_kind<names<"a">, batches, names<"b">>);

TEST_CASE("an option is found by its kind, in any order, or its default") {
  STATIC_REQUIRE(std::is_same_v<chosen<mr::option_kind::form>, void>);
  STATIC_REQUIRE(std::is_same_v<chosen<mr::option_kind::form, batches, names<"a">>, batches>);
  STATIC_REQUIRE(std::is_same_v<chosen<mr::option_kind::form, names<"a">, batches>, batches>);
  STATIC_REQUIRE(std::is_same_v<chosen<mr::option_kind::inputs, batches, names<"a", "b">>, names<"a", "b">>);
  STATIC_REQUIRE(std::is_same_v<chosen<mr::option_kind::inputs, batches>, void>);
}
