// SPDX-License-Identifier: MIT
// Where a sentence begins: events from outside, or from a source that is part of the pipeline.
#pragma once
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/on_full.hpp>
#include <millrace/dsl/source_diagnostics.hpp>
#include <millrace/stage/graph.hpp>
#include <millrace/stage/overflow.hpp>

namespace millrace {

/// What can live in a slot.
template <typename T>
concept event_type =
    std::is_object_v<T> && !std::is_array_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T> && std::is_destructible_v<T>;

/// What a generator returns: an event, or none at the end.
template <typename T>
concept optional_like = requires(T& t) {
  typename T::value_type;
  static_cast<bool>(t);
  { *t } -> std::same_as<typename T::value_type&>;
};

/// What fills an event and says whether it did.
template <typename Event, typename F>
inline constexpr bool fills_an = [] {
  if constexpr (std::is_invocable_v<F&, Event&>) return std::is_same_v<std::remove_cvref_t<std::invoke_result_t<F&, Event&>>, bool>;
  else return false;
}();

template <typename Event, typename F, typename Full = full_policy<when_full::wait>>
using sentence_from = pipeline<source<Event, F, Full>, tip<0, Event, 0, 0, values<the_event<Event>>>>;

/// Option of mr::from: any number of producers, on as many threads. The runner's `input()` gives handles that may be copied; all
/// publish into one ring, and all stages see one order. One read-modify-write for each publish, and a look at each event more.
inline constexpr from_many many_producers{};
struct lanes_option {
  std::size_t lanes, slots;
};
/// Option of mr::from: `n` producers, each with a lane of its own, from which stage "source" takes events in turns. Each producer's
/// order is kept; producers never meet, so this is the fast way. `input()` gives the handle of a lane that is free. `slots` of each
/// lane: a power of two; 0: as the ring. The event must be movable: where the next stages run elsewhere it moves into the ring.
constexpr auto lane_per_producer(std::size_t n, std::size_t slots = 0) noexcept -> lanes_option { return {n, slots}; }

/// How events get in.
template <typename T>
concept way_in = std::is_same_v<T, from_many> || std::is_same_v<T, lanes_option>;

/// The first of the options for which `Is`, or `otherwise`.
template <template <typename> class Is, typename Otherwise>
constexpr auto option_that(Otherwise otherwise) { return otherwise; }
template <template <typename> class Is, typename Otherwise, typename First, typename... More>
constexpr auto option_that(Otherwise otherwise, First first, More... more) {
  if constexpr (Is<First>::value) return first;
  else return option_that<Is>(std::move(otherwise), std::move(more)...);
}
template <typename T>
using is_way_in = std::bool_constant<way_in<T>>;
template <typename T>
using says_when_full = std::bool_constant<is_full_option<T>>;

/// A sentence whose events come from outside, through the runner's `input()`. The event may be any object type: move-only, without a
/// default constructor, over-aligned. Options: how events get in (mr::many_producers, mr::lane_per_producer(n); without one from one
/// producer), and what becomes of them when the ring is full (mr::on_full).
template <typename Event, typename... Option>
constexpr auto from(Option... option) {
  if constexpr (!event_type<Event>) {
    event_must_be_a_value<Event>();
    return refused{};
  } else if constexpr ((std::is_same_v<Option, refused> || ...)) {
    return refused{};
  } else if constexpr (((way_in<Option> ? 1 : 0) + ... + 0) > 1 || ((is_full_option<Option> ? 1 : 0) + ... + 0) > 1 || !((way_in<Option> || is_full_option<Option>)&&...)) {
    unknown_way_in<Option...>();
    return refused{};
  } else {
    auto way = option_that<is_way_in>(nothing{}, option...);
    auto full = option_that<says_when_full>(full_option<full_policy<when_full::wait>>{}, std::move(option)...).policy;
    using Way = decltype(way);
    using Full = decltype(full);
    if constexpr (keeps_waiting<Full> && !std::is_same_v<Way, nothing>) {
      events_wait_for_one_producer<Event>();
      return refused{};
    } else if constexpr (keeps_waiting<Full> && !std::is_move_constructible_v<Event>) {
      event_that_waits_must_move<Event>();
      return refused{};
    } else if constexpr (!has_key_of<Full, Event>) {
      key_of_an_event_cannot_be_taken<Event, decltype(full.key_of)>();
      return refused{};
    } else if constexpr (!std::is_same_v<Way, lanes_option>) {
      return sentence_from<Event, Way, Full>{{way, std::move(full)}, {}};
    } else if constexpr (std::is_move_constructible_v<Event>) {
      return sentence_from<Event, lane_merge<Event>, Full>{{{.lanes = way.lanes, .capacity = way.slots}, full}, {}};
    } else {
      event_of_a_lane_must_move<Event>();
      return refused{};
    }
  }
}

/// A sentence with its own source: `f()` returns std::optional of the event (or what looks like it), empty at the end. It is
/// stage "source" in plans and reports; fused with all that follows, the event never leaves the registers.
///
/// Called by   the worker that holds stage "source", one call at a time.
/// Throws      whatever moving `f` throws; what `f` throws later stops the pipeline.
template <typename F>
constexpr auto generate(F&& f) {
  using G = std::decay_t<F>;
  if constexpr (!std::is_constructible_v<G, F> || !std::is_move_constructible_v<G>) {
    generator_cannot_enter<G>();
    return refused{};
  } else if constexpr (!requires(G& g) { g(); }) {
    generator_takes_nothing<G>();
    return refused{};
  } else {
    using Returned = std::remove_cvref_t<std::invoke_result_t<G&>>;
    if constexpr (!optional_like<Returned>) {
      generator_must_return_optional<G, returns<Returned>>();
      return refused{};
    } else if constexpr (!event_type<typename Returned::value_type>) {
      event_must_be_a_value<typename Returned::value_type>();
      return refused{};
    } else {
      return sentence_from<typename Returned::value_type, G>{{std::forward<F>(f)}, {}};
    }
  }
}

/// The same with a source that fills: `f(event&)` writes the next event over an earlier one, whose buffers it may use again, and
/// returns whether there was one.
template <typename Event, typename F>
constexpr auto generate(F&& f) {
  using G = std::decay_t<F>;
  if constexpr (!event_type<Event>) {
    event_must_be_a_value<Event>();
    return refused{};
  } else if constexpr (!std::is_constructible_v<G, F> || !std::is_move_constructible_v<G>) {
    generator_cannot_enter<G>();
    return refused{};
  } else if constexpr (!fills_an<Event, G>) {
    generator_must_fill<G, gets<Event&>>();
    return refused{};
  } else if constexpr (!std::default_initializable<Event>) {
    filled_event_needs_a_default<Event>();
    return refused{};
  } else {
    return sentence_from<Event, G>{{std::forward<F>(f)}, {}};
  }
}

}  // namespace millrace
