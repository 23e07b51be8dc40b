// SPDX-License-Identifier: MIT
// The verbs of the chain form. What a handler may do with what it takes is said by the verb, never guessed from the handler.
// It is a lambda, a function, a function object or a pointer to a member; it is kept by value, so move-only is enough. Every
// verb's handler may take its position as last parameter (`at`), and hear of the worker's life (`on_start` ...).
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/options.hpp>
#include <millrace/dsl/pieces.hpp>
#include <millrace/stage/expander.hpp>
#include <millrace/stage/hooks.hpp>

namespace millrace {

/// The first name that `takes` names a second time, as an index; npos if none.
template <fixed_string... Name>
constexpr auto repeated(takes_option<Name...>) noexcept -> std::size_t {
  constexpr std::string_view names[sizeof...(Name) + 1] = {Name.view()..., {}};
  for (std::size_t i = 0; i < sizeof...(Name); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (names[i] == names[j]) return i;
  return npos;
}
template <std::size_t I, fixed_string First, fixed_string... Rest>
constexpr auto name_at(takes_option<First, Rest...>) {
  if constexpr (I == 0) return First;
  else return millrace::name_at<I - 1>(takes_option<Rest...>{});
}

enum class not_shared : std::uint8_t { none, ticks, expands, batches, retries, uncopyable, not_const, hears };
template <verb Does, sharing Shares, typename H, typename... Option>
consteval auto why_not_shared() -> not_shared {
  if constexpr (how_many<option_kind::tick, Option...> != 0) return not_shared::ticks;
  else if constexpr (Does == verb::expand) return not_shared::expands;
  else if constexpr (how_many<option_kind::form, Option...> != 0) return not_shared::batches;
  else if constexpr (option_of<option_kind::failure, error_option<stop_policy>, options<Option...>>::policy_type::retries) return not_shared::retries;
  else if constexpr (Shares == sharing::by_key && !std::is_copy_constructible_v<H>) return not_shared::uncopyable;
  else if constexpr (Shares == sharing::by_place && changes_itself<H>) return not_shared::not_const;
  else if constexpr (Shares == sharing::by_place && (hears<hook::start, H> || hears<hook::stop, H> || hears<hook::idle, H> || hears<hook::batch_end, H>)) return not_shared::hears;
  else return not_shared::none;
}
template <fixed_string Name, not_shared Why, typename H>
constexpr void explain_sharing() {
  if constexpr (Why == not_shared::ticks) ticks_are_for_one_worker<Name>();
  else if constexpr (Why == not_shared::expands) expand_cannot_be_shared<Name>();
  else if constexpr (Why == not_shared::batches) batches_cannot_be_shared<Name>();
  else if constexpr (Why == not_shared::retries) retries_cannot_be_shared<Name>();
  else if constexpr (Why == not_shared::uncopyable) keyed_handler_must_be_copyable<Name, H>();
  else if constexpr (Why == not_shared::not_const) stateless_handler_must_be_const<Name, H>();
  else stateless_handler_hears_nothing<Name, H>();
}

template <typename Option>
constexpr auto period_in([[maybe_unused]] Option const& o) noexcept -> std::int64_t {
  if constexpr (std::is_same_v<Option, every_option>) return o.period.count();
  else return 0;
}

template <verb Does, fixed_string Name, typename F, typename... Option>
constexpr auto make_piece(F&& f, Option... option) {
  using H = std::decay_t<F>;
  if constexpr (Name.view().empty()) {
    name_is_empty<Name, H>();
    return refused{};
  } else if constexpr (Name.view() == event_name || Name.view() == source_name) {
    name_is_reserved<Name>();
    return refused{};
  } else if constexpr (!(stage_option<Option> && ...)) {
    unknown_option<Name, Option...>();
    return refused{};
  } else if constexpr (Does != verb::expand && how_many<option_kind::ring, Option...> != 0) {
    no_ring_to_size<Name>();
    return refused{};
  } else if constexpr (option_of<option_kind::failure, error_option<stop_policy>, options<Option...>>::policy_type::retries && how_many<option_kind::repeat, Option...> == 0) {
    retry_of_what_may_not_be_repeated<Name>();
    return refused{};
  } else if constexpr (Does == verb::expand && option_of<option_kind::failure, error_option<stop_policy>, options<Option...>>::policy_type::retries) {
    retry_of_an_expand<Name>();
    return refused{};
  } else if constexpr (constexpr auto shares = sharing_of<option_of<option_kind::sharing, void, options<Option...>>>; shares != sharing::none && why_not_shared<Does, shares, H, Option...>() != not_shared::none) {
    explain_sharing<Name, why_not_shared<Does, shares, H, Option...>(), H>();
    return refused{};
  } else if constexpr (Does == verb::expand && how_many<option_kind::release, Option...> != 0) {
    expand_releases_by_itself<Name>();
    return refused{};
  } else if constexpr (how_many<option_kind::sharing, Option...> != 0 && how_many<option_kind::release, Option...> != 0) {
    shared_and_acknowledged<Name>();
    return refused{};
  } else if constexpr (how_many<option_kind::sharing, Option...> == 0 && how_many<option_kind::degree, Option...> != 0) {
    degree_of_a_serial_stage<Name>();
    return refused{};
  } else if constexpr (!one_of_a_kind<Option...>) {
    option_given_twice<Name, Option...>();
    return refused{};
  } else if constexpr (!std::is_constructible_v<H, F> || !std::is_move_constructible_v<H>) {
    handler_cannot_enter<Name, H>();
    return refused{};
  } else if constexpr (how_many<option_kind::tick, Option...> != 0 && (!can_tick<H> || std::is_final_v<H>)) {
    ticks_without_a_hook<Name, H>();
    return refused{};
  } else if constexpr (how_many<option_kind::tick, Option...> != 0 && !is_ticking<H>) {
    std::int64_t ns = 0;
    ((Option::kind == option_kind::tick ? void(ns = millrace::period_in(option)) : void()), ...);
    return millrace::make_piece<Does, Name>(ticking<H>{H(std::forward<F>(f)), ns}, std::move(option)...);
  } else if constexpr (how_many<option_kind::tick, Option...> == 0 && can_tick<H> && !hears_tick<H>) {
    tick_without_a_period<Name, H>();
    return refused{};
  } else {
    using Takes = option_of<option_kind::inputs, void, options<Option...>>;
    if constexpr (std::is_same_v<Takes, takes_option<>>) {
      takes_names_nothing<Name>();
      return refused{};
    } else if constexpr (!std::is_void_v<Takes>) {
      constexpr auto again = millrace::repeated(Takes{});
      if constexpr (again != npos) {
        named_twice<Name, millrace::name_at<again>(Takes{})>();
        return refused{};
      } else {
        return piece<Does, Name, H, options<Option...>>{std::forward<F>(f), {{{std::move(option)}...}}};
      }
    } else {
      return piece<Does, Name, H, options<Option...>>{std::forward<F>(f), {{{std::move(option)}...}}};
    }
  }
}

/// Looks: `R(T const&)`, the result is ignored. What reached it flows on.
template <fixed_string Name, typename F, typename... Option>
constexpr auto tap(F&& f, Option... option) { return millrace::make_piece<verb::tap, Name>(std::forward<F>(f), std::move(option)...); }

/// Changes what it takes in its place: `void(T&)`. What reached it flows on.
template <fixed_string Name, typename F, typename... Option>
constexpr auto change(F&& f, Option... option) { return millrace::make_piece<verb::change, Name>(std::forward<F>(f), std::move(option)...); }

/// Makes a result: `R(T const&)`, kept beside the event, by value (what a returned reference refers to is copied). It flows on.
template <fixed_string Name, typename F, typename... Option>
constexpr auto map(F&& f, Option... option) { return millrace::make_piece<verb::map, Name>(std::forward<F>(f), std::move(option)...); }

/// Decides: `bool(T const&)`; after a no the event reaches none of the stages that follow. What reached it flows on.
template <fixed_string Name, typename F, typename... Option>
constexpr auto filter(F&& f, Option... option) { return millrace::make_piece<verb::filter, Name>(std::forward<F>(f), std::move(option)...); }

/// Makes several events, or none, of one: `Range(T const&)`, a range by value (kept until all of it has passed; it may be lazy) or a
/// reference to one that is part of the event. They enter a ring of their own, and what follows sees them in order. If that ring
/// is full the stage stops in the middle of a range and goes on later: one worker can drive both rings. Not in a branch. What
/// precedes it cannot be taken behind it by name.
template <fixed_string Name, typename F, typename... Option>
constexpr auto expand(F&& f, Option... option) { return millrace::make_piece<verb::expand, Name>(std::forward<F>(f), std::move(option)...); }

/// What is left goes into a ring of its own, copied: worth it where filters have dropped most and what follows is long.
template <fixed_string Name, typename... Option>
constexpr auto compact(Option... option) { return millrace::make_piece<verb::expand, Name>(as_single{}, std::move(option)...); }

// ---- the same without a name: said so
template <typename F, typename... Option>
constexpr auto tap(F&&, Option&&...) -> refused { return stage_needs_a_name<struct tap_without_a_name>(), refused{}; }
template <typename F, typename... Option>
constexpr auto change(F&&, Option&&...) -> refused { return stage_needs_a_name<struct change_without_a_name>(), refused{}; }
template <typename F, typename... Option>
constexpr auto map(F&&, Option&&...) -> refused { return stage_needs_a_name<struct map_without_a_name>(), refused{}; }
template <typename F, typename... Option>
constexpr auto expand(F&&, Option&&...) -> refused { return stage_needs_a_name<struct expand_without_a_name>(), refused{}; }
template <typename F, typename... Option>
constexpr auto filter(F&&, Option&&...) -> refused { return stage_needs_a_name<struct filter_without_a_name>(), refused{}; }

}  // namespace millrace
