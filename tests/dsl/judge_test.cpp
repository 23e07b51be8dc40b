// SPDX-License-Identifier: MIT
#include <millrace/dsl/judge.hpp>

#include <memory>

#include "support/catch.hpp"

namespace mr = millrace;
using mr::problem;
using mr::verb;

namespace {
struct order {
  int quantity;
  auto ok() const -> bool { return true; }
  void halve() { quantity /= 2; }
  bool live;
};
struct fill {};
template <typename... T>
using taken = mr::values<mr::value<-1, T>...>;

template <verb Does, typename F, typename... T>
using judged = decltype(mr::judge<Does, false, F>(taken<T...>{}));
template <verb Does, typename F, typename... T>
using judged_whole = decltype(mr::judge<Does, true, F>(taken<T...>{}));
template <verb Does, typename F, typename... T>
inline constexpr auto why = judged<Does, F, T...>::what;
template <verb Does, typename F, typename... T>
inline constexpr auto why_whole = judged_whole<Does, F, T...>::what;

using sees = void (*)(order const&);
using changes = void (*)(order&);
using copies = void (*)(order);
using in_batch = void (*)(mr::batch<order const>);
using changes_batch = void (*)(mr::batch<order>);
using makes_batch = void (*)(mr::batch<order const>, mr::results<fill>&);
using answers_batch = void (*)(mr::batch<order const>, mr::verdicts&);
struct overloaded {
  void operator()(order const&) const;
  void operator()(fill const&) const;
};
struct of_both {
  void operator()(order&) const;
  void operator()(order const&) const;
};
}  // namespace

// ---- value by value: what is right
static_assert(why<verb::tap, sees, order> == problem::none);
static_assert(why<verb::tap, copies, order> == problem::none);
static_assert(why<verb::tap, overloaded, fill> == problem::none);
static_assert(why<verb::tap, bool (order::*)() const, order> == problem::none);
static_assert(why<verb::change, changes, order> == problem::none);
static_assert(why<verb::change, sees, order> == problem::none);
static_assert(why<verb::change, of_both, order> == problem::none);
static_assert(why<verb::change, void (order::*)(), order> == problem::none);
static_assert(why<verb::change, order& (*)(order&), order> == problem::none);
static_assert(why<verb::change, int (*)(order&), order> == problem::none);
static_assert(why<verb::filter, bool order::*, order> == problem::none);
static_assert(why<verb::filter, bool (order::*)() const, order> == problem::none);
static_assert(why<verb::tap, void (*)(order const&, mr::at), order> == problem::none);
static_assert(why<verb::tap, void (*)(order const&, fill const&), order, fill> == problem::none);
static_assert(why<verb::change, void (*)(order&, fill&), order, fill> == problem::none);
static_assert(why<verb::map, std::unique_ptr<int> (*)(order const&), order> == problem::none);

// ---- and what is not
static_assert(why<verb::tap, sees, fill> == problem::cannot_take);
static_assert(why<verb::tap, overloaded, int> == problem::cannot_take);
static_assert(why<verb::tap, int, order> == problem::cannot_be_called);
static_assert(why<verb::tap, int*, order> == problem::cannot_be_called);
static_assert(why<verb::tap, changes, order> == problem::wants_to_change);
static_assert(why<verb::map, void (order::*)(), order> == problem::wants_to_change);
static_assert(why<verb::tap, int fill::*, order> == problem::cannot_take);
static_assert(why<verb::tap, sees, order, fill> == problem::parameter_for_each);
static_assert(why<verb::tap, overloaded, order, fill> == problem::parameter_for_each);
static_assert(why<verb::tap, void (*)(std::unique_ptr<int>), std::unique_ptr<int>> == problem::copy_of_uncopyable);
static_assert(why<verb::change, void (*)(std::unique_ptr<int>), std::unique_ptr<int>> == problem::copy_of_uncopyable);
static_assert(why<verb::change, copies, order> == problem::change_of_copy);
static_assert(why<verb::change, void (*)(order&, fill), order, fill> == problem::change_of_copy);
static_assert(why<verb::change, order (*)(order const&), order> == problem::change_returns);
static_assert(why<verb::map, sees, order> == problem::map_makes_nothing);
static_assert(why<verb::map, std::unique_ptr<int> const& (*)(order const&), order> == problem::result_not_kept);
static_assert(why<verb::map, int (&(*)(order const&))[3], order> == problem::result_not_kept);
static_assert(why<verb::filter, int (*)(order const&), order> == problem::filter_not_bool);
static_assert(why<verb::filter, sees, order> == problem::filter_not_bool);
static_assert(why<verb::tap, in_batch, order> == problem::takes_batches);
static_assert(why<verb::map, makes_batch, order> == problem::takes_batches);

// ---- batch by batch
static_assert(why_whole<verb::tap, in_batch, order> == problem::none);
static_assert(why_whole<verb::change, changes_batch, order> == problem::none);
static_assert(why_whole<verb::map, makes_batch, order> == problem::none);
static_assert(why_whole<verb::filter, answers_batch, order> == problem::none);
static_assert(why_whole<verb::tap, sees, order> == problem::takes_single_values);
static_assert(why_whole<verb::tap, changes, order> == problem::takes_single_values);
static_assert(why_whole<verb::filter, bool (*)(order const&), order> == problem::takes_single_values);
static_assert(why_whole<verb::tap, in_batch, fill> == problem::cannot_take);
static_assert(why_whole<verb::tap, int, order> == problem::cannot_be_called);
static_assert(why_whole<verb::tap, changes_batch, order> == problem::wants_to_change_batch);
static_assert(why_whole<verb::map, void (*)(mr::batch<order>, mr::results<fill>&), order> == problem::wants_to_change_batch);
static_assert(why_whole<verb::filter, void (*)(mr::batch<order>, mr::verdicts&), order> == problem::wants_to_change_batch);
static_assert(why_whole<verb::change, in_batch, order> == problem::cannot_take);
static_assert(why_whole<verb::map, in_batch, order> == problem::no_results);
static_assert(why_whole<verb::map, makes_batch, fill> == problem::cannot_take);
static_assert(why_whole<verb::map, void (*)(mr::batch<order const>, mr::results<int&>&), order> == problem::result_not_kept);
static_assert(why_whole<verb::map, void (*)(mr::batch<order const>, mr::results<int const>&), order> == problem::result_not_kept);
static_assert(why_whole<verb::filter, in_batch, order> == problem::no_verdicts);
static_assert(why_whole<verb::tap, in_batch, order, fill> == problem::batch_of_several);

TEST_CASE("the form says how a handler is called") {
  STATIC_REQUIRE(judged<verb::tap, sees, order>::form == mr::shape::each);
  STATIC_REQUIRE(judged<verb::tap, void (*)(order const&, mr::at), order>::form == mr::shape::each_at);
  STATIC_REQUIRE(judged_whole<verb::tap, in_batch, order>::form == mr::shape::whole);
  STATIC_REQUIRE(judged<verb::tap, sees, fill>::form == mr::shape::none);
}

TEST_CASE("a result is a value: a reference is copied, a qualifier dropped") {
  STATIC_REQUIRE(std::is_same_v<judged<verb::map, fill const& (*)(order const&), order>::result, fill>);
  STATIC_REQUIRE(std::is_same_v<judged<verb::map, fill const (*)(order const&), order>::result, fill>);
  STATIC_REQUIRE(std::is_same_v<judged<verb::map, int order::*, order>::result, int>);
  STATIC_REQUIRE(std::is_same_v<judged<verb::map, fill* (*)(order const&), order>::result, fill*>);
  STATIC_REQUIRE(std::is_same_v<judged_whole<verb::map, makes_batch, order>::result, fill>);
  STATIC_REQUIRE(std::is_same_v<judged<verb::filter, bool order::*, order>::result, bool>);
  STATIC_REQUIRE(std::is_same_v<judged<verb::tap, int (*)(order const&), order>::result, void>);
}
