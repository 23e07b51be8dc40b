// SPDX-License-Identifier: MIT
// How sentences are built; which are said, and when, is tested in compile_fail/.
#include <millrace/dsl/diagnostics.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
struct order {};
}  // namespace

TEST_CASE("a sentence names the stage, what it gets, what it takes, and the remedy") {
  constexpr auto s = mr::spell<"do otherwise", mr::stage_named<"match">, mr::gets<int>, mr::takes_only<mr::signature<long, char*>>>();
  CHECK((s.view() == "stage match gets int, takes long int, char*: do otherwise" ||
         s.view() == "stage match gets int, takes long, char *: do otherwise"));
}

TEST_CASE("what has no type is named in words") {
  constexpr auto nothing = mr::spell<"x", mr::stage_named<"a">, mr::takes_only<mr::signature<>>>();
  CHECK(nothing.view() == "stage a, takes nothing: x");
  constexpr auto anything = mr::spell<"x", mr::stage_named<"a">, mr::takes_only<mr::signature<mr::any_type>>>();
  CHECK(anything.view() == "stage a, takes something else (it is a template or has overloads): x");
  constexpr auto near = mr::spell<"x", mr::stage_named<"a">, mr::wants<"b">, mr::did_you_mean<"c">>();
  CHECK(near.view() == "stage a wants b, did you mean c: x");
}

TEST_CASE("a sentence that is too long is cut, not lost") {
  mr::sentence_builder s;
  for (int i = 0; i < 1000; ++i) s.add("ab");
  CHECK(s.size == sizeof s.text - 1);
}
