// SPDX-License-Identifier: MIT
// Where a sentence begins: events from outside, or from a source that is part of the pipeline.
#pragma once
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/stage/graph.hpp>

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

template <typename Event, typename F>
using sentence_from = pipeline<source<Event, F>, tip<0, Event, 0, 0, values<the_event<Event>>>>;

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

/// How events get in: what an option of mr::from may be.
template <typename T>
concept way_in = std::is_same_v<T, from_many> || std::is_same_v<T, lanes_option>;

/// A sentence whose events come from outside, through the runner's `input()`, from one producer. The event may be any object type:
/// move-only, without a default constructor, over-aligned.
template <typename Event>
constexpr auto from() {
  if constexpr (event_type<Event>) {
    return sentence_from<Event, nothing>{};
  } else {
    event_must_be_a_value<Event>();
    return refused{};
  }
}
/// The same, and `way` says how events get in: mr::many_producers, mr::lane_per_producer(n).
template <typename Event, typename Way, typename... More>
constexpr auto from(Way way, More...) {
  if constexpr (!event_type<Event>) {
    event_must_be_a_value<Event>();
    return refused{};
  } else if constexpr (sizeof...(More) != 0 || !way_in<Way>) {
    unknown_way_in<Way, More...>();
    return refused{};
  } else if constexpr (std::is_same_v<Way, from_many>) {
    return sentence_from<Event, Way>{{way}, {}};
  } else if constexpr (std::is_move_constructible_v<Event>) {
    return sentence_from<Event, lane_merge<Event>>{{{.lanes = way.lanes, .capacity = way.slots}}, {}};
  } else {
    event_of_a_lane_must_move<Event>();
    return refused{};
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
