// SPDX-License-Identifier: MIT
// Whether a handler fits its verb and its inputs: a pure function gives the verdict, another says the sentence that goes with it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/stage/expander.hpp>
#include <millrace/stage/handler.hpp>

namespace millrace {

enum class problem : std::uint8_t {
  none,
  cannot_take,
  cannot_be_called,
  parameter_for_each,
  may_be_missing,
  copy_of_uncopyable,
  wants_to_change,
  change_of_copy,
  change_returns,
  map_makes_nothing,
  result_not_kept,
  filter_not_bool,
  expands_no_range,
  expands_uncopyable,
  takes_batches,
  takes_single_values,
  wants_to_change_batch,
  batch_of_several,
  no_results,
  no_verdicts,
  sends_not_one,
  sends_other_events,
};
/// How a handler is called and what it makes, or why it cannot be.
template <problem What, shape Form = shape::none, typename Result = void>
struct judgement {
  static constexpr auto what = What;
  static constexpr auto form = Form;
  using result = Result;
};

// ---- small questions
template <typename F>
using signature_t = typename signature_of<F>::type;
/// The handler has one call operator, so that asking it a wrong question is not an error inside its body.
template <typename F>
inline constexpr bool is_spelled = !std::is_same_v<signature_t<F>, signature<any_type>> || std::is_member_pointer_v<F>;
template <typename F>
inline constexpr bool may_be_called =
    std::is_class_v<F> || std::is_union_v<F> || std::is_member_pointer_v<F> || std::is_function_v<std::remove_pointer_t<F>>;

template <typename Signature, typename... V>
inline constexpr bool copies_a_value = false;  // a parameter is a value's own type, not a reference
template <typename... A, typename... V>
inline constexpr bool copies_a_value<signature<A...>, V...> = [] {
  constexpr auto copies = []<typename T>(std::type_identity<T>) { return (std::is_same_v<std::remove_const_t<A>, T> || ...); };
  return (copies(std::type_identity<typename V::type>{}) || ...);
}();
template <typename Signature>
inline constexpr bool needs_a_copy = false;  // a parameter takes by value what can only be moved
template <typename... A>
inline constexpr bool needs_a_copy<signature<A...>> = ((std::is_object_v<A> && !std::is_copy_constructible_v<A>) || ...);
template <>
inline constexpr bool needs_a_copy<signature<any_type>> = false;

/// The type a result is kept as; void if it cannot be: a reference is copied, a value is made in its place.
template <typename R>
using kept_as =
    std::conditional_t<!std::is_reference_v<R> || std::is_constructible_v<std::remove_cvref_t<R>, R>, std::remove_cvref_t<R>, void>;

template <verb Does, shape Form, typename F, typename... V>
auto returned_by() {
  if constexpr (Does == verb::change) {
    if constexpr (Form == shape::each) return std::type_identity<std::invoke_result_t<F&, typename V::held...>>{};
    else return std::type_identity<std::invoke_result_t<F&, typename V::held..., at>>{};
  } else {
    if constexpr (Form == shape::each) return std::type_identity<std::invoke_result_t<F&, typename V::seen...>>{};
    else return std::type_identity<std::invoke_result_t<F&, typename V::seen..., at>>{};
  }
}
/// What the handler returns when called value by value.
template <verb Does, typename F, typename... V>
using returned = typename decltype(returned_by<Does, takes_each<Does, F, V...>(), F, V...>())::type;

// ---- value by value
template <verb Does, typename F, typename... V>
consteval auto why_not_each() -> problem {
  if constexpr (!may_be_called<F>) return problem::cannot_be_called;
  else if constexpr ((V::maybe || ...) && is_spelled<F> && takes_each<Does, F, value<V::from, typename V::type>...>() != shape::none) return problem::may_be_missing;
  else if constexpr (!is_spelled<F>) return sizeof...(V) > 1 ? problem::parameter_for_each : problem::cannot_take;
  else {
    if constexpr (sizeof...(V) == 1)
      if constexpr (((takes_whole<Does, F, V>() == shape::whole) && ...)) return problem::takes_batches;
    if constexpr (Does != verb::change)
      if constexpr (takes_each<verb::change, F, V...>() != shape::none) return problem::wants_to_change;
    if constexpr (needs_a_copy<signature_t<F>> && copies_a_value<signature_t<F>, V...>) return problem::copy_of_uncopyable;
    else return sizeof...(V) > 1 ? problem::parameter_for_each : problem::cannot_take;
  }
}
template <verb Does, typename F, typename... V>
auto judge_call() {
  constexpr auto form = takes_each<Does, F, V...>();
  if constexpr (form == shape::none) {
    return judgement<why_not_each<Does, F, V...>()>{};
  } else {
    using R = returned<Does, F, V...>;
    if constexpr (Does == verb::change) {
      if constexpr (copies_a_value<signature_t<F>, V...>) return judgement<problem::change_of_copy>{};
      else if constexpr ((std::is_same_v<std::remove_cv_t<R>, typename V::type> || ...)) return judgement<problem::change_returns>{};
      else return judgement<problem::none, form>{};
    } else if constexpr (Does == verb::map) {
      if constexpr (std::is_void_v<R>) return judgement<problem::map_makes_nothing>{};
      else if constexpr (std::is_void_v<kept_as<R>>) return judgement<problem::result_not_kept>{};
      else return judgement<problem::none, form, kept_as<R>>{};
    } else if constexpr (Does == verb::expand) {
      if constexpr (expandable<R>) return judgement<problem::none, form, R>{};
      else if constexpr (requires(std::remove_reference_t<R>& r) { *r.begin(), r.end(); }) return judgement<problem::expands_uncopyable>{};
      else return judgement<problem::expands_no_range>{};
    } else if constexpr (Does == verb::filter) {
      if constexpr (!std::is_same_v<std::remove_cvref_t<R>, bool>) return judgement<problem::filter_not_bool>{};
      else return judgement<problem::none, form, bool>{};
    } else {
      return judgement<problem::none, form>{};
    }
  }
}
template <verb Does, typename F, typename... V>
auto judge_each() {
  if constexpr (Does == verb::into) {
    if constexpr (sizeof...(V) != 1 || (V::maybe || ...)) return judgement<problem::sends_not_one>{};
    else if constexpr (!(std::is_constructible_v<typename F::event, typename V::type const&> && ...)) return judgement<problem::sends_other_events>{};
    else return judgement<problem::none, shape::each>{};
  } else return judge_call<Does, F, V...>();
}

// ---- batch by batch
template <verb Does, typename F, typename V>
consteval auto why_not_whole() -> problem {
  using T = typename V::type;
  if constexpr (!may_be_called<F>) return problem::cannot_be_called;
  else if constexpr (is_spelled<F>) {
    if constexpr (takes_each<Does, F, V>() != shape::none || takes_each<verb::change, F, V>() != shape::none) return problem::takes_single_values;
    else if constexpr (Does == verb::filter && std::is_invocable_v<F&, batch<T const>>) return problem::no_verdicts;
    else if constexpr (Does == verb::map && std::is_invocable_v<F&, batch<T const>>) return problem::no_results;
    else if constexpr (Does != verb::change && std::is_invocable_v<F&, batch<T>>) return problem::wants_to_change_batch;
    else if constexpr (Does == verb::filter && std::is_invocable_v<F&, batch<T>, verdicts&>) return problem::wants_to_change_batch;
    else return problem::cannot_take;
  } else return Does == verb::map ? problem::no_results : problem::cannot_take;
}
template <verb Does, typename F, typename V>
auto judge_whole_map() {
  using R = batch_result<F>;
  if constexpr (std::is_void_v<R>) return judgement<why_not_whole<Does, F, V>()>{};
  else if constexpr (!std::is_object_v<R> || std::is_const_v<R>) return judgement<problem::result_not_kept, shape::none, R>{};
  else if constexpr (takes_whole<Does, F, V>() == shape::whole) return judgement<problem::none, shape::whole, R>{};
  else if constexpr (std::is_invocable_v<F&, batch<typename V::type>, results<R>&>) return judgement<problem::wants_to_change_batch>{};
  else return judgement<problem::cannot_take>{};
}
template <verb Does, typename F, typename... V>
auto judge_whole() {
  if constexpr (Does == verb::expand) return judgement<problem::takes_single_values>{};
  else if constexpr (sizeof...(V) != 1 || (V::maybe || ...)) return judgement<problem::batch_of_several>{};
  else if constexpr (Does == verb::map) return judge_whole_map<Does, F, V...>();
  else if constexpr (takes_whole<Does, F, V...>() != shape::whole) return judgement<why_not_whole<Does, F, V...>()>{};
  else return judgement<problem::none, shape::whole, std::conditional_t<Does == verb::filter, bool, void>>{};
}

/// `Called` is F, or F const where several workers call one handler.
template <verb Does, bool InBatches, typename F, typename... V>
auto judge(values<V...>) {
  if constexpr (InBatches) return judge_whole<Does, F, V...>();
  else return judge_each<Does, F, V...>();
}

// ---- in words
template <verb Does, bool InBatches, typename... V>
auto shown(values<V...>) {
  if constexpr (!InBatches && Does == verb::change) return std::type_identity<gets<typename V::held...>>{};
  else if constexpr (!InBatches) return std::type_identity<gets<typename V::seen...>>{};
  else if constexpr (Does == verb::change) return std::type_identity<gets<batch<typename V::type>...>>{};
  else if constexpr (Does == verb::filter) return std::type_identity<gets<batch<typename V::type const>..., verdicts&>>{};
  else return std::type_identity<gets<batch<typename V::type const>...>>{};
}
template <typename F>
struct shown_signature : signature_of<F> {};
template <typename M, typename C>
struct shown_signature<M C::*> : std::type_identity<signature<C const&>> {};

template <fixed_string Name, verb Does, bool InBatches, typename F, typename Judgement, typename... V>
constexpr void explain(values<V...> inputs) {
  constexpr auto what = Judgement::what;
  using Gets = typename decltype(shown<Does, InBatches>(inputs))::type;
  using Takes = typename shown_signature<F>::type;
  if constexpr (what == problem::cannot_be_called) handler_cannot_be_called<Name, F>();
  else if constexpr (what == problem::parameter_for_each) stage_needs_one_parameter_for_each_value<Name, Gets, Takes>();
  else if constexpr (what == problem::may_be_missing) result_may_be_missing<Name, Gets, Takes>();
  else if constexpr (what == problem::copy_of_uncopyable) stage_takes_a_copy_of_what_cannot_be_copied<Name, Gets, Takes>();
  else if constexpr (what == problem::wants_to_change) only_a_change_may_change<Name, Gets, Takes>();
  else if constexpr (what == problem::change_of_copy) change_of_a_copy<Name, Gets, Takes>();
  else if constexpr (what == problem::change_returns) change_returns_a_value<Name, returns<returned<Does, F, V...>>>();
  else if constexpr (what == problem::map_makes_nothing) map_makes_nothing<Name, returns<returned<Does, F, V...>>>();
  else if constexpr (what == problem::filter_not_bool) filter_must_say_yes_or_no<Name, returns<returned<Does, F, V...>>>();
  else if constexpr (what == problem::expands_no_range) expand_makes_no_range<Name, returns<returned<Does, F, V...>>>();
  else if constexpr (what == problem::expands_uncopyable) expand_cannot_copy<Name, returns<returned<Does, F, V...>>>();
  else if constexpr (what == problem::takes_batches) handler_takes_batches<Name, Gets, Takes>();
  else if constexpr (what == problem::takes_single_values) handler_takes_single_values<Name, Gets, Takes>();
  else if constexpr (what == problem::wants_to_change_batch) only_a_change_may_change_a_batch<Name, Gets, Takes>();
  else if constexpr (what == problem::sends_not_one) into_takes_one_value<Name, Gets>();
  else if constexpr (what == problem::sends_other_events) into_makes_other_events<Name, Gets, takes_only<typename F::event>>();
  else if constexpr (what == problem::batch_of_several) a_batch_is_of_one_value<Name, Gets>();
  else if constexpr (what == problem::no_results) batch_map_needs_results<Name, Gets, Takes>();
  else if constexpr (what == problem::no_verdicts) batch_filter_needs_verdicts<Name, Gets, Takes>();
  else if constexpr (what == problem::result_not_kept) {
    if constexpr (InBatches) result_cannot_be_kept<Name, returns<typename Judgement::result>>();
    else result_cannot_be_kept<Name, returns<returned<Does, F, V...>>>();
  } else stage_cannot_take<Name, Gets, Takes>();
}

}  // namespace millrace
