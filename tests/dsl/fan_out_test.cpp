// SPDX-License-Identifier: MIT
#include <millrace/dsl/fan_out.hpp>

#include <string>
#include <vector>

#include <millrace/dsl/sentence.hpp>
#include <millrace/run/run_inline.hpp>
#include <millrace/stage/segment.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {

struct order {
  int id = 0;
};
auto const look = [](order const&) {};
auto const half = [](order const& o) { return o.id / 2; };
auto const text = [](order const& o) { return std::to_string(o.id); };
auto const even = [](order const& o) { return o.id % 2 == 0; };

template <typename Pipeline>
struct parts;
template <typename S, typename T, typename... N>
struct parts<mr::pipeline<S, T, N...>> {
  static constexpr mr::facts of[sizeof...(N)] = {N::is...};
  using tip = T;
};
template <typename P>
using tip_of = typename parts<P>::tip;
using event = mr::value<-1, order>;

auto orders(int n) {
  std::vector<order> all;
  for (int i = 0; i < n; ++i) all.push_back({i});
  return all;
}

}  // namespace

TEST_CASE("branches stand beside each other, and what follows waits for all of them") {
  auto p = mr::from<order>() | mr::tap<"a">(look) | mr::fan_out(mr::tap<"b">(look), mr::tap<"c">(look) | mr::tap<"d">(look)) | mr::tap<"e">(look);
  using P = parts<decltype(p)>;
  STATIC_REQUIRE(P::of[1].after == 0b00001);
  STATIC_REQUIRE(P::of[2].after == 0b00001);
  STATIC_REQUIRE(P::of[3].after == 0b00100);
  STATIC_REQUIRE(P::of[4].after == 0b01010);
  STATIC_REQUIRE(P::of[4].before == 0b01111);
  using S = mr::segment<decltype(p)>;
  STATIC_REQUIRE(S::last_stages() == 0b10000);
}

TEST_CASE("branches at the end: the ring waits for each of them") {
  auto p = mr::from<order>() | mr::fan_out(mr::tap<"a">(look), mr::tap<"b">(look), mr::tap<"c">(look));
  using S = mr::segment<decltype(p)>;
  STATIC_REQUIRE(S::last_stages() == 0b111);
  STATIC_REQUIRE((S::waits_for(0) == 0 && S::waits_for(2) == 0));
}

TEST_CASE("results of branches are handed on together, in their order; what makes none adds nothing") {
  auto p = mr::from<order>() | mr::fan_out(mr::tap<"a">(look), mr::map<"b">(half), mr::filter<"e">(even) | mr::tap<"x">(look), mr::map<"c">(text));
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(p)>::values, mr::values<mr::value<1, int>, mr::value<4, std::string>>>);
  auto none = mr::from<order>() | mr::map<"m">(half) | mr::fan_out(mr::tap<"a">([](int) {}), mr::tap<"b">([](int) {}));
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(none)>::values, mr::values<mr::value<0, int>>>);
}

TEST_CASE("a filter ends with its branch, whose result may then be missing; a filter before the fan_out counts for all") {
  auto p = mr::from<order>() | mr::filter<"f">(even) | mr::fan_out(mr::filter<"g">(even) | mr::map<"m">(half) | mr::filter<"h">([](int) { return true; }), mr::map<"n">(half));
  using P = parts<decltype(p)>;
  STATIC_REQUIRE(P::tip::filters == 0b1);
  STATIC_REQUIRE(std::is_same_v<P::tip::values, mr::values<mr::value<2, int, 0b1010>, mr::value<4, int>>>);
  STATIC_REQUIRE(P::of[1].asks == 0b1);
  STATIC_REQUIRE(P::of[2].asks == 0b10);
  STATIC_REQUIRE(P::of[4].asks == 0b1);
}

TEST_CASE("branches in branches") {
  std::vector<std::string> seen;
  auto p = mr::from<order>() | mr::fan_out(mr::fan_out(mr::map<"a">(half), mr::map<"b">(text)) | mr::map<"ab">([](int a, std::string const& b) { return std::to_string(a) + b; }),
                                           mr::map<"c">(half)) |
           mr::tap<"d">([&](std::string const& ab, int c) { seen.push_back(ab + "/" + std::to_string(c)); });
  CHECK(mr::run_inline(p, orders(3)) == 3);
  CHECK(seen == std::vector<std::string>{"00/0", "01/0", "12/1"});
}

TEST_CASE("after: beside what follows a stage, with what it made or took") {
  auto p = mr::from<order>() | mr::map<"a">(half) | mr::tap<"b">([](int) {}) | mr::after<"a"> | mr::tap<"c">([](int) {}) | mr::after<"b", "c"> | mr::tap<"d">([](int) {});
  using P = parts<decltype(p)>;
  STATIC_REQUIRE(P::of[2].after == 0b0001);
  STATIC_REQUIRE(P::of[3].after == 0b0110);
  auto both = mr::from<order>() | mr::tap<"x">(look) | mr::map<"a">(half) | mr::after<"x"> | mr::map<"b">(text) | mr::after<"a", "b", "x">;
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(both)>::values, mr::values<mr::value<1, int>, mr::value<2, std::string>>>);
  STATIC_REQUIRE(tip_of<decltype(both)>::after == 0b111);
  auto start = mr::from<order>() | mr::map<"a">(half) | mr::after<"event">;
  STATIC_REQUIRE(tip_of<decltype(start)>::after == 0);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(start)>::values, mr::values<event>>);
}

TEST_CASE("after a filter that is not common to all, results may be missing") {
  std::vector<int> seen;
  auto p = mr::from<order>() | mr::filter<"f">(even) | mr::map<"a">(half) | mr::after<"event"> | mr::tap<"b">(look) | mr::after<"a", "b"> |
           mr::tap<"c">([&](int const* a) { seen.push_back(a == nullptr ? -1 : *a); });
  CHECK(mr::run_inline(p, orders(4)) == 4);
  CHECK(seen == std::vector<int>{0, -1, 1, -1});
}

TEST_CASE("a fan_out may be a part of its own, and part of a fragment") {
  int calls = 0;
  auto count = [&calls](order const&) { ++calls; };
  auto const tail = mr::fan_out(mr::tap<"a">(count), mr::tap<"b">(count)) | mr::after<"a"> | mr::tap<"c">(count);
  auto p = mr::from<order>() | tail;
  mr::run_inline(p, orders(5));
  CHECK(calls == 15);
}

TEST_CASE("whole batches in branches see what their filters left") {
  std::vector<int> all, odd, inner;
  auto p = mr::from<order>() |
           mr::fan_out(mr::filter<"odd">([](mr::batch<order const> b, mr::verdicts& v) { for (auto const& o : b) v(o.id % 2 != 0); }, mr::in_batches) |
                           mr::tap<"see odd">([&](mr::batch<order const> b) { for (auto const& o : b) odd.push_back(o.id); }, mr::in_batches) |
                           mr::filter<"three">([](mr::batch<order const> b, mr::verdicts& v) { for (auto const& o : b) v(o.id % 3 == 0); }, mr::in_batches) |
                           mr::tap<"see three">([&](mr::batch<order const> b) { for (auto const& o : b) inner.push_back(o.id); }, mr::in_batches),
                       mr::tap<"see all">([&](mr::batch<order const> b) { for (auto const& o : b) all.push_back(o.id); }, mr::in_batches));
  mr::run_inline(p, orders(10));
  CHECK(all.size() == 10);
  CHECK(odd == std::vector<int>{1, 3, 5, 7, 9});
  CHECK(inner == std::vector<int>{3, 9});
}
