// SPDX-License-Identifier: MIT
#include <millrace/dsl/verbs.hpp>

#include <memory>
#include <utility>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
void look(int const&) {}
struct counting {
  int* copies;
  int* moves;
  counting(int& c, int& m) : copies{&c}, moves{&m} {}
  counting(counting const& o) : copies{o.copies}, moves{o.moves} { ++*copies; }
  counting(counting&& o) noexcept : copies{o.copies}, moves{o.moves} { ++*moves; }
  auto operator=(counting const&) -> counting& = delete;
  void operator()(int const&) const {}
};
template <typename P>
inline constexpr auto verb_of = mr::verb{};
template <mr::verb D, mr::fixed_string N, typename F, typename O>
inline constexpr auto verb_of<mr::piece<D, N, F, O>> = D;
template <typename P>
struct handler_in;
template <mr::verb D, mr::fixed_string N, typename F, typename O>
struct handler_in<mr::piece<D, N, F, O>> : std::type_identity<F> {};
}  // namespace

TEST_CASE("each verb makes a piece that says what its handler does") {
  STATIC_REQUIRE(verb_of<decltype(mr::tap<"a">(look))> == mr::verb::tap);
  STATIC_REQUIRE(verb_of<decltype(mr::change<"a">(look))> == mr::verb::change);
  STATIC_REQUIRE(verb_of<decltype(mr::map<"a">(look))> == mr::verb::map);
  STATIC_REQUIRE(verb_of<decltype(mr::filter<"a">(look))> == mr::verb::filter);
}

TEST_CASE("a function is kept as a pointer, an object as a value") {
  STATIC_REQUIRE(std::is_same_v<handler_in<decltype(mr::tap<"a">(look))>::type, void (*)(int const&)>);
  auto const handler = [](int const&) {};
  STATIC_REQUIRE(std::is_same_v<handler_in<decltype(mr::tap<"a">(handler))>::type, std::remove_const_t<decltype(handler)>>);
}

TEST_CASE("a handler in a variable is copied once, a temporary never, however long the sentence") {
  int copies = 0, moves = 0;
  counting mine{copies, moves};
  auto p = mr::from<int>() | mr::tap<"a">(mine) | mr::tap<"b">(look) | (mr::tap<"c">(look) | mr::tap<"d">(look));
  CHECK(copies == 1);
  copies = 0;
  auto q = std::move(p) | mr::tap<"e">(counting{copies, moves});
  CHECK(copies == 0);
  STATIC_REQUIRE(decltype(q)::size == 5);
}

TEST_CASE("names are compared as text, whatever their length") {
  STATIC_REQUIRE(mr::repeated(mr::takes<"a", "ab", "b">) == mr::npos);
  STATIC_REQUIRE(mr::repeated(mr::takes<"a", "b", "a">) == 2);
  STATIC_REQUIRE(mr::repeated(mr::takes_option<>{}) == mr::npos);
  STATIC_REQUIRE(mr::name_at<1>(mr::takes<"a", "ab", "b">).view() == "ab");
}
