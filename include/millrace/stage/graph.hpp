// SPDX-License-Identifier: MIT
// A pipeline as a type: one flat list of nodes in topological order, each with its facts. Order, joins, filters and conflicts
// are bit operations on masks of 64 bits; there are no graph algorithms on types.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/fixed_string.hpp>
#include <millrace/base/store.hpp>
#include <millrace/stage/failure.hpp>
#include <millrace/stage/handler.hpp>
#include <millrace/stage/lane_merge.hpp>
#include <millrace/stage/overflow.hpp>
#include <millrace/stage/sharding.hpp>

namespace millrace {

inline constexpr std::size_t most_stages = 61;  // a bit each, and one for the event, and one for the source
inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

constexpr auto bit(std::size_t i) noexcept -> std::uint64_t { return std::uint64_t{1} << i; }
/// The last of a set of filters of which each stands behind the one before it.
constexpr auto last_of(std::uint64_t filters) noexcept -> std::uint64_t { return std::bit_floor(filters); }

/// What is known of a node at compile time.
struct facts {
  verb does{};
  shape form{};
  std::uint32_t ring{};      // which ring of the pipeline
  std::uint64_t after{};     // nodes it directly waits for
  std::uint64_t before{};    // all nodes that are done before it (closure of after)
  std::uint64_t filters{};   // filters whose yes it needs: each of them behind the one before it
  std::uint64_t asks{};      // of these, and of those that may have dropped what it takes, the last ones: they know what the others said
  std::uint64_t touches{};   // values it takes: bit 0 the event, bit i + 1 the result of node i
  std::uint64_t troubles{};  // nodes before it at which an event can fail without stopping all: then it does not see the event
  remedy in_the_end{};       // what becomes of an event that fails here
  bool retries{};            // its handler is called again first
  sharing shares{};          // how its events are dealt to lanes; by key: node before it deals them
  bool acks{};               // its cursor waits for acknowledgements
  std::uint8_t least_workers{1}, most_workers{};  // that may run it; 0: as many as there are
  std::uint64_t doubts{};    // of a reply: of the filters that it asks, those whose no leaves something to reply
  bool takes_away{};         // of a reply: what it takes cannot be copied
};

template <typename F, sharing Shares>
struct called_of : std::type_identity<std::conditional_t<Shares == sharing::by_place, F const, F>> {};
template <typename F>
struct called_of<clones<F>, sharing::by_key> : std::type_identity<F> {};

/// A stage in its place: everything resolved, the handler inside. On a line of its own: handlers keep state, and neighbours
/// may run on different cores. (And never [[no_unique_address]]: bodies copy a handler's bytes, padding included.)
template <fixed_string Name, facts Facts, typename F, typename Inputs, typename Result>
struct alignas(cache_line_size) node {
  static constexpr auto name = Name;
  static constexpr facts is = Facts;
  using handler = F;
  using called = typename called_of<F, Facts.shares>::type;  // what is called for an event
  using inputs = Inputs;
  using result = Result;  // void if it makes none; bool for a filter
  static constexpr bool makes_result = Facts.does == verb::map;
  F f;
  std::conditional_t<Facts.retries, attempts, no_attempts> tries{};
};

struct nothing {};
/// From a stage of the ring before this one.
struct expanded {
  std::size_t capacity = 0;  // of this ring; 0: as the one before
};

/// From any number of producers outside.
struct from_many {};

/// Where events come from: one producer outside, many of them, the ring before, a callable that returns std::optional<Event>, or one that fills an Event& and
/// says whether it did. `Full`: what becomes of an event from outside that finds no room.
template <typename Event, typename F, typename Full = full_policy<when_full::wait>>
struct source {
  using event = Event;
  static constexpr bool lanes = std::is_same_v<F, lane_merge<Event>>;  // a source that takes from lanes of producers outside
  static constexpr bool many = std::is_same_v<F, from_many>;
  static constexpr bool own = !std::is_same_v<F, nothing> && !std::is_same_v<F, expanded> && !many;
  static constexpr bool fills = std::is_invocable_v<F&, Event&>;
  using when_no_room = Full;
  F next;
  [[no_unique_address]] Full full{};
};

/// What plans must keep to. Stages, as bits: an own source is stage 0, and the first node is then stage 1.
struct constraint {
  bool together{};         // they share a worker; else no two of them do, and a single one shares its worker with nobody
  std::uint64_t stages{};
};
template <constraint...>
struct constraints {};

/// The slots of a source's ring.
template <typename Event, typename F, typename Full>
constexpr auto capacity_of([[maybe_unused]] source<Event, F, Full> const& s, capacity usual) -> capacity {
  if constexpr (std::is_same_v<F, expanded>) return s.next.capacity == 0 ? usual : capacity{s.next.capacity};
  else return usual;
}

/// The stages of the rings before this one, in the order of their numbers.
template <fixed_string... Name>
struct stage_names {
  static constexpr std::size_t size = sizeof...(Name);
  /// The number of a stage; `size` if it is not among them.
  static constexpr auto find([[maybe_unused]] std::string_view name) noexcept -> std::size_t {
    std::size_t i = 0;
    static_cast<void>(((Name.view() != name && ++i != 0) && ...));
    return i;
  }
};

/// Where the sentence stands: what the next piece waits for, which filters it is behind, what it gets; what was said about plans;
/// the stages of earlier rings.
template <std::uint32_t Ring, typename Event, std::uint64_t After, std::uint64_t Filters, typename Values, typename Constraints = constraints<>,
          typename Elsewhere = stage_names<>>
struct tip {
  static constexpr std::uint32_t ring = Ring;
  static constexpr std::uint64_t after = After, filters = Filters;
  using event = Event;
  using values = Values;
  using said_of_plans = Constraints;
  using elsewhere = Elsewhere;
};
/// Another place in the same ring.
template <typename Tip, std::uint64_t After, std::uint64_t Filters, typename Values>
using tip_at = tip<Tip::ring, typename Tip::event, After, Filters, Values, typename Tip::said_of_plans, typename Tip::elsewhere>;
/// The same place, when something has been said of plans.
template <typename Tip, typename Constraints>
using tip_saying = tip<Tip::ring, typename Tip::event, Tip::after, Tip::filters, typename Tip::values, Constraints, typename Tip::elsewhere>;

/// The whole: what a runner runs.
template <typename Source, typename Tip, typename... Node>
struct pipeline {
  static_assert(sizeof...(Node) <= most_stages, "a pipeline holds at most 61 stages; split it into two pipelines");
  using tip = Tip;
  using source_type = Source;
  using event = typename Source::event;
  static constexpr std::size_t size = sizeof...(Node);
  Source from;
  store<Node...> nodes;
};

/// Several rings in a row: each pipeline but the last ends with a stage that publishes into the ring of the next.
template <typename... Pipeline>
struct rings {
  store<Pipeline...> parts;
};

/// What a wrong sentence becomes: it swallows the rest of the sentence, so that one mistake is one error.
struct refused {};

template <typename T>
inline constexpr bool is_pipeline = false;
template <typename S, typename T, typename... N>
inline constexpr bool is_pipeline<pipeline<S, T, N...>> = true;
template <typename... P>
inline constexpr bool is_pipeline<rings<P...>> = true;

/// Where somebody reads who is no stage: behind these, or at the end of the first ring's sentence.
template <fixed_string... After>
struct reader_place {};

/// The pipelines of one ring each that a pipeline is made of, as the type of a store.
template <typename Pipeline>
struct rings_in : std::type_identity<store<Pipeline>> {};
template <typename... P>
struct rings_in<rings<P...>> : std::type_identity<store<P...>> {};
template <typename Pipeline>
using rings_of = typename rings_in<Pipeline>::type;
template <typename Pipeline>
inline constexpr std::size_t ring_count = 1;
template <typename... P>
inline constexpr std::size_t ring_count<rings<P...>> = sizeof...(P);
template <std::size_t R, typename Pipeline>
constexpr auto part_of(Pipeline& p) noexcept -> Pipeline& { return p; }
template <std::size_t R, typename... P>
constexpr auto part_of(rings<P...>& p) noexcept -> auto& { return millrace::get<R>(p.parts); }

/// The stages that stage `s` is to share its worker with, itself among them.
template <constraint... C>
constexpr auto together_with(std::size_t s, constraints<C...>) noexcept -> std::uint64_t {
  auto all = bit(s);
  for (std::uint64_t before = 0; before != all;) {
    before = all;
    (void)((C.together && (C.stages & all) != 0 ? (all |= C.stages, true) : true) && ...);
  }
  return all;
}
/// The stages that stage `s` is not to share its worker with.
template <constraint... C>
constexpr auto apart_from(std::size_t s, constraints<C...>) noexcept -> std::uint64_t {
  [[maybe_unused]] auto const by = [s](constraint c) -> std::uint64_t {
    if (c.together) return 0;
    if ((c.stages & (c.stages - 1)) == 0) return (c.stages & bit(s)) != 0 ? ~bit(s) : c.stages;
    return (c.stages & bit(s)) != 0 ? c.stages & ~bit(s) : 0;
  };
  return (std::uint64_t{0} | ... | by(C));
}

/// The index of `name` among the nodes, or npos.
template <typename... Node>
constexpr auto index_of([[maybe_unused]] std::string_view name) noexcept -> std::size_t {
  std::size_t i = 0, found = npos;
  (void)((Node::name.view() == name ? (found = i, true) : (++i, false)) || ...);
  return found;
}

}  // namespace millrace
