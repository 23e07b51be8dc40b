// SPDX-License-Identifier: MIT
// What a sentence becomes: one list of nodes with their facts, and where it stands. All of it is known at compile time.
#include <millrace/dsl/attach.hpp>

#include <memory>
#include <optional>
#include <string>

#include <millrace/dsl/sentence.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

namespace {
struct order {
  int quantity;
};
struct fill {
  int price;
};
auto decode = [](order& o) { ++o.quantity; };
auto price = [](order const& o) { return fill{2 * o.quantity}; };
auto see = [](auto const&...) {};
auto yes = [](auto const&) { return true; };

template <typename P>
struct parts;
template <typename S, typename T, typename... N>
struct parts<mr::pipeline<S, T, N...>> {
  static constexpr mr::facts of[sizeof...(N)] = {N::is...};
  template <std::size_t K>
  using node = mr::element<K, mr::store<N...>>;
};
template <typename P>
using tip_of = typename P::tip;
template <int From, typename T>
using one = mr::values<mr::value<From, T>>;
}  // namespace

TEST_CASE("in a chain each stage waits for the one before it, and for all before that") {
  using P = parts<decltype(mr::from<order>() | mr::change<"a">(decode) | mr::tap<"b">(see) | mr::map<"c">(price) | mr::tap<"d">(see))>;
  STATIC_REQUIRE(P::of[0].after == 0b0000);
  STATIC_REQUIRE(P::of[1].after == 0b0001);
  STATIC_REQUIRE(P::of[2].after == 0b0010);
  STATIC_REQUIRE(P::of[3].after == 0b0100);
  STATIC_REQUIRE(P::of[0].before == 0b0000);
  STATIC_REQUIRE(P::of[1].before == 0b0001);
  STATIC_REQUIRE(P::of[2].before == 0b0011);
  STATIC_REQUIRE(P::of[3].before == 0b0111);
  STATIC_REQUIRE((P::of[0].ring == 0 && P::of[3].ring == 0));
}

TEST_CASE("verb and form are kept") {
  using P = parts<decltype(mr::from<order>() | mr::change<"a">(decode) | mr::tap<"b">([](order const&, mr::at) {}) | mr::filter<"c">(yes) |
                           mr::map<"d">([](mr::batch<order const>, mr::results<fill>&) {}, mr::in_batches))>;
  STATIC_REQUIRE((P::of[0].does == mr::verb::change && P::of[0].form == mr::shape::each));
  STATIC_REQUIRE((P::of[1].does == mr::verb::tap && P::of[1].form == mr::shape::each_at));
  STATIC_REQUIRE((P::of[2].does == mr::verb::filter && P::of[2].form == mr::shape::each));
  STATIC_REQUIRE((P::of[3].does == mr::verb::map && P::of[3].form == mr::shape::whole));
}

TEST_CASE("a stage needs the yes of all filters before it, and not its own") {
  using P = decltype(mr::from<order>() | mr::tap<"a">(see) | mr::filter<"b">(yes) | mr::tap<"c">(see) | mr::filter<"d">(yes) | mr::tap<"e">(see));
  using F = parts<P>;
  STATIC_REQUIRE(F::of[0].filters == 0);
  STATIC_REQUIRE(F::of[1].filters == 0);
  STATIC_REQUIRE(F::of[2].filters == 0b00010);
  STATIC_REQUIRE(F::of[3].filters == 0b00010);
  STATIC_REQUIRE(F::of[4].filters == 0b01010);
  STATIC_REQUIRE(tip_of<P>::filters == 0b01010);
  STATIC_REQUIRE(tip_of<P>::after == 0b10000);
}

TEST_CASE("what a stage touches is a bit for the event and one for each result") {
  using P = parts<decltype(mr::from<order>() | mr::change<"a">(decode) | mr::map<"b">(price) | mr::tap<"c">(see) | mr::tap<"d">(see, mr::takes<"b", "event">) |
                           mr::tap<"e">(see, mr::takes<"event">))>;
  STATIC_REQUIRE(P::of[0].touches == 0b001);
  STATIC_REQUIRE(P::of[1].touches == 0b001);
  STATIC_REQUIRE(P::of[2].touches == 0b100);
  STATIC_REQUIRE(P::of[3].touches == 0b101);
  STATIC_REQUIRE(P::of[4].touches == 0b001);
}

TEST_CASE("a stage that takes by name waits for the one before it and for those it names") {
  using P = parts<decltype(mr::from<order>() | mr::map<"a">(price) | mr::tap<"b">(see) | mr::map<"c">([](fill const& f) { return f.price; }) | mr::tap<"d">(see) |
                           mr::tap<"e">([](fill const&, int const&, order const&) {}, mr::takes<"a", "c", "event">))>;
  STATIC_REQUIRE(P::of[4].after == 0b01101);
  STATIC_REQUIRE(P::of[4].before == 0b01111);
  using inputs = typename P::node<4>::inputs;
  STATIC_REQUIRE(std::is_same_v<inputs, mr::values<mr::value<0, fill>, mr::value<2, int>, mr::value<-1, order>>>);
}

TEST_CASE("what flows on is the nearest result, whatever a stage looked at on the side") {
  auto a = mr::from<order>() | mr::change<"a">(decode);
  auto b = a | mr::map<"b">(price);
  auto c = b | mr::tap<"c">([](order const&) {}, mr::takes<"event">);
  auto d = c | mr::filter<"d">([](fill const&, order const&) { return true; }, mr::takes<"b", "event">);
  auto e = d | mr::change<"e">([](fill& f) { ++f.price; });
  auto f = e | mr::map<"f">([](order const&) { return std::string{}; }, mr::takes<"event">);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(mr::from<order>())>::values, one<-1, order>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(a)>::values, one<-1, order>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(b)>::values, one<1, fill>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(c)>::values, one<1, fill>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(d)>::values, one<1, fill>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(e)>::values, one<1, fill>>);
  STATIC_REQUIRE(std::is_same_v<tip_of<decltype(f)>::values, one<5, std::string>>);
  STATIC_REQUIRE(std::is_same_v<decltype(f)::event, order>);
}

TEST_CASE("results are kept by value; filters and the others make none") {
  using P = parts<decltype(mr::from<order>() | mr::map<"member">(&order::quantity) | mr::map<"reference">([](int const& i) -> int const& { return i; }) |
                           mr::map<"moves only">([](int const&) { return std::unique_ptr<int>{}; }) | mr::filter<"f">([](std::unique_ptr<int> const&) { return true; }) |
                           mr::tap<"t">([](auto const&) { return 5; }))>;
  STATIC_REQUIRE(std::is_same_v<P::node<0>::result, int>);
  STATIC_REQUIRE(std::is_same_v<P::node<1>::result, int>);
  STATIC_REQUIRE(std::is_same_v<P::node<2>::result, std::unique_ptr<int>>);
  STATIC_REQUIRE(std::is_same_v<P::node<3>::result, bool>);
  STATIC_REQUIRE(std::is_same_v<P::node<4>::result, void>);
  STATIC_REQUIRE((P::node<2>::makes_result && !P::node<3>::makes_result && !P::node<4>::makes_result));
}

TEST_CASE("a fragment attached is the same pipeline as its pieces one by one") {
  auto whole = mr::from<order>() | mr::change<"a">(decode) | mr::map<"b">(price) | mr::filter<"c">(yes) | mr::tap<"d">(see, mr::takes<"event">);
  auto left = mr::from<order>() | (mr::change<"a">(decode) | mr::map<"b">(price) | mr::filter<"c">(yes) | mr::tap<"d">(see, mr::takes<"event">));
  auto right = mr::from<order>() | (mr::change<"a">(decode) | (mr::map<"b">(price) | (mr::filter<"c">(yes) | mr::tap<"d">(see, mr::takes<"event">))));
  auto halves = mr::from<order>() | ((mr::change<"a">(decode) | mr::map<"b">(price)) | (mr::filter<"c">(yes) | mr::tap<"d">(see, mr::takes<"event">)));
  STATIC_REQUIRE(std::is_same_v<decltype(whole), decltype(left)>);
  STATIC_REQUIRE(std::is_same_v<decltype(whole), decltype(right)>);
  STATIC_REQUIRE(std::is_same_v<decltype(whole), decltype(halves)>);
}

TEST_CASE("the nearest known name is found, and none if none is near") {
  using P = decltype(mr::from<order>() | mr::map<"price">(price) | mr::tap<"journal">(see));
  constexpr auto near = []<typename S, typename T, typename... N>(mr::pipeline<S, T, N...>*, std::string_view name) { return mr::nearest<N...>(name); };
  constexpr P* none = nullptr;
  STATIC_REQUIRE(near(none, "prise") == 0);
  STATIC_REQUIRE(near(none, "jornal") == 1);
  STATIC_REQUIRE(near(none, "evnt") == 2);
  STATIC_REQUIRE(near(none, "quantity") == mr::npos);
  STATIC_REQUIRE(near(none, "x") == mr::npos);
}

TEST_CASE("a pipeline holds sixty-one stages, with the masks of the last one full") {
  auto add = []<std::size_t... I>(std::index_sequence<I...>) {
    constexpr auto name = []<std::size_t K>(std::integral_constant<std::size_t, K>) {
      mr::fixed_string<3> text;
      text.text[0] = static_cast<char>('A' + K / 26), text.text[1] = static_cast<char>('A' + K % 26);
      return text;
    };
    return (mr::from<order>() | ... | mr::filter<name(std::integral_constant<std::size_t, I>{})>(yes));
  };
  using P = decltype(add(std::make_index_sequence<mr::most_stages>{}));
  STATIC_REQUIRE(P::size == 61);
  STATIC_REQUIRE(parts<P>::of[60].before == (std::uint64_t{1} << 60) - 1);
  STATIC_REQUIRE(parts<P>::of[60].filters == (std::uint64_t{1} << 60) - 1);
  STATIC_REQUIRE(tip_of<P>::filters == (std::uint64_t{1} << 61) - 1);
}
