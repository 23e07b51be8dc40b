// SPDX-License-Identifier: MIT
#include <millrace/base/fixed_string.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

namespace mr = millrace;

namespace millrace {
struct inside {};
template <typename T>
struct box {};
}  // namespace millrace
namespace {
template <mr::fixed_string Name>
struct named {
  static constexpr auto name = Name;
};
}  // namespace
struct outside {};

TEST_CASE("a name is a template argument: equal texts are one type") {
  static_assert(std::is_same_v<named<"match">, named<"match">>);
  static_assert(!std::is_same_v<named<"match">, named<"matched">>);
  CHECK(named<"match">::name.view() == "match");
  CHECK(named<"">::name.view().empty());
  CHECK(named<"a name with blanks, \" and ; too">::name.view() == "a name with blanks, \" and ; too");
  CHECK(mr::fixed_string<1>{}.view().empty());
}

TEST_CASE("a type is shown as the compiler writes it, without the library's namespace") {
  CHECK(mr::type_name<int>() == "int");
  CHECK(mr::type_name<mr::inside>() == "inside");
  CHECK(mr::type_name<mr::box<int>>() == "box<int>");
  CHECK(mr::type_name<outside>() == "outside");
  CHECK(mr::type_name<void>() == "void");
  CHECK(mr::type_name<std::string_view>().starts_with("std::"));
  CHECK(mr::type_name<std::vector<int>>().find("vector<int") != std::string_view::npos);
  CHECK(mr::type_name<std::vector<int>>().ends_with('>'));
}
