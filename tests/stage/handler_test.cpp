// SPDX-License-Identifier: MIT
#include <millrace/stage/handler.hpp>

#include <functional>
#include <memory>
#include <type_traits>

#include "support/catch.hpp"

namespace mr = millrace;
using mr::shape;
using mr::verb;

namespace {
struct order {
  int price = 0;
  auto looked() const -> int { return price; }
  void raise() { ++price; }
  auto with(mr::at where) const -> mr::sequence { return where.sequence; }
};
using event = mr::value<-1, order>;
using maybe = mr::value<0, order, true>;

template <verb Does, typename F, typename... V>
constexpr auto each(F const&) -> shape {
  return mr::takes_each<Does, std::decay_t<F>, V...>();
}
template <verb Does, typename F>
constexpr auto each_event(F const& f) -> shape {
  return each<Does, F, event>(f);
}
template <verb Does, typename F>
constexpr auto whole(F const&) -> shape {
  return mr::takes_whole<Does, std::decay_t<F>, event>();
}

auto look(order const& o) -> int { return o.price; }
void change(order& o) noexcept { ++o.price; }
void look_at(order const&, mr::at) {}

struct overloaded {
  void operator()(order&) const {}
  auto operator()(order const&) const -> int { return 1; }
};
struct two_ways {
  void operator()(order const&) const {}
  void operator()(order const&, mr::at) const {}
};
}  // namespace

TEST_CASE("who looks is recognised in every spelling") {
  CHECK(each_event<verb::tap>([](order const&) {}) == shape::each);
  CHECK(each_event<verb::tap>([](order) {}) == shape::each);
  CHECK(each_event<verb::tap>([](auto const&) {}) == shape::each);
  CHECK(each_event<verb::tap>([](auto&&...) {}) == shape::each);
  CHECK(each_event<verb::tap>([n = 0](order const&) mutable { return ++n; }) == shape::each);
  CHECK(each_event<verb::map>(look) == shape::each);
  CHECK(each_event<verb::map>(&look) == shape::each);
  CHECK(each_event<verb::map>(&order::price) == shape::each);
  CHECK(each_event<verb::map>(&order::looked) == shape::each);
  CHECK(each_event<verb::map>(std::function<int(order const&)>{}) == shape::each);
  CHECK(each_event<verb::filter>([](order const& o) { return o.price > 0; }) == shape::each);
  CHECK(each_event<verb::tap>([](order const&, mr::at) {}) == shape::each_at);
  CHECK(each_event<verb::tap>([](auto const&, mr::at) {}) == shape::each_at);
  CHECK(each_event<verb::tap>(&look_at) == shape::each_at);
  CHECK(each_event<verb::map>(&order::with) == shape::each_at);
  CHECK(each_event<verb::tap>(two_ways{}) == shape::each);  // the shorter one
}

TEST_CASE("the verb decides what an overloaded or generic handler is asked for") {
  CHECK(each_event<verb::change>(overloaded{}) == shape::each);
  CHECK(each_event<verb::map>(overloaded{}) == shape::each);
  static_assert(std::is_void_v<std::invoke_result_t<overloaded&, event::held>>);
  static_assert(std::is_same_v<std::invoke_result_t<overloaded&, event::seen>, int>);
}

TEST_CASE("who only looks may not change, and who changes gets what may be changed") {
  CHECK(each_event<verb::tap>([](order&) {}) == shape::none);
  CHECK(each_event<verb::tap>(&change) == shape::none);
  CHECK(each_event<verb::tap>(&order::raise) == shape::none);
  CHECK(each_event<verb::change>([](order&) {}) == shape::each);
  CHECK(each_event<verb::change>([](order&, mr::at) {}) == shape::each_at);
  CHECK(each_event<verb::change>(&change) == shape::each);
  CHECK(each_event<verb::change>(&order::raise) == shape::each);
  CHECK(each_event<verb::change>([](int&) {}) == shape::none);
  CHECK(each_event<verb::tap>([](order&&) {}) == shape::none);
  CHECK(each_event<verb::tap>([] {}) == shape::none);
  CHECK(each_event<verb::tap>(3) == shape::none);
}

TEST_CASE("several values are several parameters, what may be missing is a pointer") {
  auto const join = [](order const&, int const&) {};
  CHECK((each<verb::tap, decltype(join), event, mr::value<2, int>>(join) == shape::each));
  CHECK((each<verb::tap, decltype(join), mr::value<2, int>, event>(join) == shape::none));
  CHECK((each<verb::tap, decltype(join), event>(join) == shape::none));
  auto const may_miss = [](order const*) {};
  CHECK((each<verb::tap, decltype(may_miss), maybe>(may_miss) == shape::each));
  CHECK((each<verb::tap, decltype(may_miss), event>(may_miss) == shape::none));
  static_assert(std::is_same_v<maybe::seen, order const*> && std::is_same_v<maybe::held, order*>);
  static_assert(std::is_same_v<event::seen, order const&> && std::is_same_v<event::held, order&>);
  static_assert(mr::is_one<mr::values<event>> && !mr::is_one<mr::values<event, maybe>> && !mr::is_one<mr::values<>>);
}

TEST_CASE("who takes batches is recognised by the verb") {
  auto const tap = [](mr::batch<order const>) {};
  auto const change_all = [](mr::batch<order>) {};
  auto const map = [](mr::batch<order const>, mr::results<int>&) {};
  auto const filter = [](mr::batch<order const>, mr::verdicts&) {};
  CHECK(whole<verb::tap>(tap) == shape::whole);
  CHECK(whole<verb::tap>([](auto) {}) == shape::whole);
  CHECK(whole<verb::tap>([](mr::batch<order const> const&) {}) == shape::whole);
  CHECK(whole<verb::tap>(change_all) == shape::none);
  CHECK(whole<verb::change>(change_all) == shape::whole);
  CHECK(whole<verb::change>(tap) == shape::none);
  CHECK(whole<verb::map>(map) == shape::whole);
  CHECK(whole<verb::map>(filter) == shape::none);
  CHECK(whole<verb::map>(tap) == shape::none);
  CHECK(whole<verb::map>([](mr::batch<order const>, auto&) {}) == shape::none);  // of what?
  CHECK(whole<verb::filter>(filter) == shape::whole);
  CHECK(whole<verb::filter>(map) == shape::none);
  CHECK(each_event<verb::tap>(tap) == shape::none);
}

TEST_CASE("the result type of a batch handler is read from its last parameter, however it is qualified") {
  struct by_ref {
    void operator()(mr::batch<order const>, mr::results<long>&) & {}
  };
  struct const_noexcept {
    void operator()(mr::batch<order const>, mr::results<long>&) const noexcept {}
  };
  struct const_ref {
    void operator()(mr::batch<order const>, mr::results<long>&) const& noexcept {}
  };
  using pointer = void (*)(mr::batch<order const>, mr::results<long>&);
  using noexcept_pointer = void (*)(mr::batch<order const>, mr::results<long>&) noexcept;
  static_assert(std::is_same_v<mr::batch_result<by_ref>, long>);
  static_assert(std::is_same_v<mr::batch_result<const_noexcept>, long>);
  static_assert(std::is_same_v<mr::batch_result<const_ref>, long>);
  static_assert(std::is_same_v<mr::batch_result<pointer>, long>);
  static_assert(std::is_same_v<mr::batch_result<noexcept_pointer>, long>);
  static_assert(std::is_same_v<mr::batch_result<std::function<void(mr::batch<order const>, mr::results<long>&)>>, long>);
  static_assert(std::is_void_v<mr::batch_result<overloaded>>);
  static_assert(std::is_void_v<mr::batch_result<int order::*>>);
  CHECK(whole<verb::map>(by_ref{}) == shape::whole);
}

TEST_CASE("a handler that no list of parameters can be read from is none, not an error") {
  struct on_volatile {
    void operator()(mr::batch<order const>) volatile {}
  };
  struct any_number {
    void operator()(...) {}
  };
  CHECK(whole<verb::map>(on_volatile{}) == shape::none);
  CHECK(whole<verb::map>(any_number{}) == shape::none);
  CHECK(whole<verb::map>([](auto&&...) {}) == shape::none);
}

TEST_CASE("call calls whatever was recognised") {
  order o{5};
  order const& seen = o;
  auto object = &order::price;
  auto function = &order::looked;
  auto changes = &order::raise;
  auto positioned = &order::with;
  auto pointer = &look;
  CHECK(mr::call(object, seen) == 5);
  static_assert(std::is_same_v<decltype(mr::call(object, seen)), int const&>);
  static_assert(std::is_same_v<decltype(mr::call(object, o)), int&>);
  CHECK(&mr::call(object, seen) == &o.price);
  CHECK(mr::call(function, seen) == 5);
  mr::call(changes, o);
  CHECK(mr::call(pointer, seen) == 6);
  CHECK(mr::call(positioned, seen, mr::at{9, true}) == 9);
  auto sum = [n = 0](int a, int b) mutable { return n += a + b; };
  CHECK(mr::call(sum, 1, 2) == 3);
  CHECK(mr::call(sum, 1, 2) == 6);  // the handler itself, not a copy
}

TEST_CASE("a member of what is pointed to is called through the pointer, as std::invoke does") {
  order o{5};
  auto object = &order::price;
  auto function = &order::looked;
  auto const owner = std::make_unique<order>(order{8});
  static_assert(mr::takes_each<verb::tap, int order::*, maybe>() == shape::each);
  CHECK(mr::call(object, &o) == 5);
  CHECK(mr::call(function, &o) == 5);
  CHECK(mr::call(object, owner) == 8);
  CHECK(mr::call(function, owner) == 8);
}
