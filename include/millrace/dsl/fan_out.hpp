// SPDX-License-Identifier: MIT
// Where a sentence branches, and where it goes on behind stages of one's choice. Both only move the place where it stands: the
// nodes stay one flat list.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/attach.hpp>
#include <millrace/dsl/copies.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

// ---- sets of values
template <typename V, typename Set>
inline constexpr bool is_among = false;
template <typename V, typename... W>
inline constexpr bool is_among<V, values<W...>> = ((V::from == W::from) || ...);

template <typename A, typename B>
struct joined;
template <typename... V>
struct joined<values<V...>, values<>> : std::type_identity<values<V...>> {};
template <typename... V, typename W, typename... Rest>
struct joined<values<V...>, values<W, Rest...>>
    : joined<std::conditional_t<is_among<W, values<V...>>, values<V...>, values<V..., W>>, values<Rest...>> {};
/// What two ways hand on together, without repeats.
template <typename A, typename B>
using joined_t = typename joined<A, B>::type;

/// The values of a way as they look where only the filters `common` are known to have said yes.
template <std::uint64_t Lost, typename V>
using doubted = value<V::from, typename V::type, V::missing | Lost>;
template <std::uint64_t Lost, typename Values>
struct doubt;
template <std::uint64_t Lost, typename... V>
struct doubt<Lost, values<V...>> : std::type_identity<values<doubted<Lost, V>...>> {};
/// The event itself is always there: it is the ring's.
template <std::uint64_t Lost, int From, typename T, std::uint64_t Missing>
  requires(From < 0)
struct doubt<Lost, values<value<From, T, Missing>>> : std::type_identity<values<value<From, T, Missing>>> {};

// ---- fan_out
template <typename... Branch>
struct fan_out_piece {
  store<Branch...> branches;
};
template <typename... B>
inline constexpr bool is_piece<fan_out_piece<B...>> = true;
template <typename... B>
struct uncopied_in<fan_out_piece<B...>> : first_uncopied<uncopied_in<B>...> {};

template <typename B>
constexpr void explain_branch_copy() {
  if constexpr (!becomes_a_value<B>) explain_copy<std::remove_cvref_t<B>>();
}

/// Branches beside each other: each is a stage, or several joined by |, and all of them see what reached the fan_out. What follows
/// waits for all branches, and gets their results together, one parameter for each; if none makes a result, what entered.
///
///   mr::fan_out(mr::tap<"journal">(f), mr::map<"price">(g) | mr::filter<"live">(h))
///
/// A filter inside a branch ends with the branch: behind it the branch's result arrives as `T const*`, null if the filter said no.
/// Nobody may change what another branch sees: that does not compile.
template <typename... Branch>
constexpr auto fan_out(Branch&&... branch) {
  if constexpr (sizeof...(Branch) == 0) {
    fan_out_of_nothing<struct fan_out_without_branches>();
    return refused{};
  } else if constexpr ((std::is_same_v<std::remove_cvref_t<Branch>, refused> || ...)) {
    return refused{};
  } else if constexpr ((is_pipeline<std::remove_cvref_t<Branch>> || ...)) {
    source_in_the_middle<fan_out_piece<std::remove_cvref_t<Branch>...>>();
    return refused{};
  } else if constexpr (!(is_piece<std::remove_cvref_t<Branch>> && ...)) {
    fan_out_of_no_stage<std::conditional_t<is_piece<std::remove_cvref_t<Branch>>, nothing, std::decay_t<Branch>>...>();
    return refused{};
  } else if constexpr (!(becomes_a_value<Branch> && ...)) {
    (explain_branch_copy<Branch>(), ...);
    return refused{};
  } else {
    return fan_out_piece<std::remove_cvref_t<Branch>...>{{{std::forward<Branch>(branch)}...}};
  }
}
/// The sentence stands somewhere else.
template <typename Tip, typename Source, typename Old, typename... Node>
constexpr auto stand_at(pipeline<Source, Old, Node...>&& p) -> pipeline<Source, Tip, Node...> {
  return {std::move(p.from), std::move(p.nodes)};
}

/// What a branch adds: its values, doubtful where its own filters may have dropped them; nothing if they are what entered.
template <typename Entry, std::uint64_t Common, typename Tip>
using contribution =
    std::conditional_t<std::is_same_v<typename Tip::values, typename Entry::values>, values<>, typename doubt<(Tip::filters & ~Common), typename Tip::values>::type>;

template <typename Entry, std::uint64_t Common, typename Sum, typename... Tip>
struct joined_values : std::type_identity<std::conditional_t<std::is_same_v<Sum, values<>>, typename Entry::values, Sum>> {};
template <typename Entry, std::uint64_t Common, typename Sum, typename First, typename... Rest>
struct joined_values<Entry, Common, Sum, First, Rest...> : joined_values<Entry, Common, joined_t<Sum, contribution<Entry, Common, First>>, Rest...> {};

/// Where the sentence stands behind branches that end at these tips; what was said of plans came along to the last of them.
template <typename Entry, typename... Tip>
struct join {
  static constexpr auto common = (~std::uint64_t{0} & ... & Tip::filters);
  template <typename Constraints>
  using type = tip_at<tip_saying<Entry, Constraints>, (std::uint64_t{0} | ... | Tip::after), common, typename joined_values<Entry, common, values<>, Tip...>::type>;
};

template <typename Entry, std::size_t I, typename... Done, typename Source, typename Tip, typename... Node, typename... Branch>
constexpr auto attach_branches(pipeline<Source, Tip, Node...>&& p, store<Branch...>&& branches) {
  if constexpr (I == sizeof...(Branch)) {
    return millrace::stand_at<typename join<Entry, Done...>::template type<typename Tip::said_of_plans>>(std::move(p));
  } else {
    auto grown = attach(millrace::stand_at<tip_saying<Entry, typename Tip::said_of_plans>>(std::move(p)), std::move(millrace::get<I>(branches)));
    if constexpr (std::is_same_v<decltype(grown), refused>) {
      return refused{};
    } else if constexpr (ring_count<decltype(grown)> != 1) {
      expand_in_a_branch<struct expand_in_a_branch_of_fan_out>();
      return refused{};
    } else return attach_branches<Entry, I + 1, Done..., typename decltype(grown)::tip>(std::move(grown), std::move(branches));
  }
}
template <typename Source, typename Tip, typename... Node, typename... Branch>
constexpr auto attach(pipeline<Source, Tip, Node...>&& p, fan_out_piece<Branch...>&& f) {
  return millrace::attach_branches<Tip, 0>(std::move(p), std::move(f.branches));
}
template <typename... Branch>
constexpr auto attach(refused&&, fan_out_piece<Branch...>&&) -> refused { return {}; }

// ---- after
template <fixed_string... Name>
struct after_piece {};
template <fixed_string... N>
inline constexpr bool is_piece<after_piece<N...>> = true;
template <fixed_string... N>
struct uncopied_in<after_piece<N...>> : copied<"after", nothing> {};

/// The sentence goes on behind these stages, beside whatever else follows them: `| mr::after<"a", "b"> | mr::tap<"c">(f)`. What
/// reaches the next stage are their results, and of a stage without a result what it took; the event only if there is no
/// result at all. "event" stands for the place before all stages.
template <fixed_string... Name>
inline constexpr after_piece<Name...> after{};

/// What node N hands on, seen from behind it: its result, else what it took.
template <std::size_t K, typename N>
using handed_on = std::conditional_t<N::makes_result, values<value<static_cast<int>(K), typename N::result>>, typename N::inputs>;
template <typename Tip, typename... Node>
struct places {
  using known = millrace::known<Tip, Node...>;
  static constexpr auto wrong(std::string_view name) noexcept -> bool { return name != event_name && index_of<Node...>(name) == npos; }
  template <fixed_string Name>
  static constexpr std::uint64_t passed = [] {
    if constexpr (Name.view() == event_name) return std::uint64_t{0};
    else return known::passed(index_of<Node...>(Name.view()));
  }();
  template <fixed_string Name>
  static auto values_of() {
    if constexpr (Name.view() == event_name) return values<the_event<typename Tip::event>>{};
    else return handed_on<index_of<Node...>(Name.view()), element<index_of<Node...>(Name.view()), store<Node...>>>{};
  }
  template <fixed_string First, fixed_string... Rest>
  static constexpr void explain() {
    if constexpr (Tip::elsewhere::find(First.view()) != Tip::elsewhere::size) {
      after_names_an_earlier_ring<First>();
    } else if constexpr (wrong(First.view())) {
      constexpr auto near = nearest<Node...>(First.view());
      if constexpr (near < sizeof...(Node)) after_names_no_stage_but<First, element<near, store<Node...>>::name>();
      else after_names_no_stage<First>();
    } else explain<Rest...>();
  }
};
/// Without the event, if there is a result.
template <typename Sum, typename Values>
struct results_among : std::type_identity<Sum> {};
template <typename... Kept, typename V, typename... Rest>
struct results_among<values<Kept...>, values<V, Rest...>>
    : results_among<std::conditional_t<(V::from < 0), values<Kept...>, values<Kept..., V>>, values<Rest...>> {};
template <typename Values, typename Results = typename results_among<values<>, Values>::type>
using without_event = std::conditional_t<std::is_same_v<Results, values<>>, Values, Results>;

template <std::uint64_t Common, typename Sum, typename Places, fixed_string... Name>
struct values_after : std::type_identity<Sum> {};
template <std::uint64_t Common, typename Sum, typename Places, fixed_string First, fixed_string... Rest>
struct values_after<Common, Sum, Places, First, Rest...>
    : values_after<Common, joined_t<Sum, typename doubt<(Places::template passed<First> & ~Common), decltype(Places::template values_of<First>())>::type>, Places, Rest...> {};

template <typename Source, typename Tip, typename... Node, fixed_string... Name>
constexpr auto attach(pipeline<Source, Tip, Node...>&& p, after_piece<Name...>&&) {
  using Places = places<Tip, Node...>;
  if constexpr (sizeof...(Name) == 0) {
    after_names_nothing<struct after_without_names>();
    return refused{};
  } else if constexpr ((Places::wrong(Name.view()) || ...)) {
    Places::template explain<Name...>();
    return refused{};
  } else {
    constexpr auto common = (~std::uint64_t{0} & ... & Places::template passed<Name>);
    using Sum = typename values_after<common, values<>, Places, Name...>::type;
    return stand_at<tip_at<Tip, (std::uint64_t{0} | ... | known<Tip, Node...>::stages_named(Name.view())), common, without_event<Sum>>>(std::move(p));
  }
}
template <fixed_string... Name>
constexpr auto attach(refused&&, after_piece<Name...>&&) -> refused { return {}; }

}  // namespace millrace
