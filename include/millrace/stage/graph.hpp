// SPDX-License-Identifier: MIT
// A pipeline as a type: one flat list of nodes in topological order, each with its facts. Order, joins, filters and conflicts
// are bit operations on masks of 64 bits; there are no graph algorithms on types.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/fixed_string.hpp>
#include <millrace/base/store.hpp>
#include <millrace/stage/handler.hpp>

namespace millrace {

inline constexpr std::size_t most_stages = 61;  // a bit each, and one for the event, and one for the source
inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

constexpr auto bit(std::size_t i) noexcept -> std::uint64_t { return std::uint64_t{1} << i; }

/// What is known of a node at compile time.
struct facts {
  verb does{};
  shape form{};
  std::uint32_t ring{};      // which ring of the pipeline
  std::uint32_t branch{};    // which status column its filters write: one per branch, so that branches never share a byte
  std::uint64_t after{};     // nodes it directly waits for
  std::uint64_t before{};    // all nodes that are done before it (closure of after)
  std::uint64_t filters{};   // filters whose yes it needs
  std::uint64_t touches{};   // values it takes: bit 0 the event, bit i + 1 the result of node i
};

/// A stage in its place: everything resolved, the handler inside. On a line of its own: handlers keep state, and neighbours
/// may run on different cores. (And never [[no_unique_address]]: bodies copy a handler's bytes, padding included.)
template <fixed_string Name, facts Facts, typename F, typename Inputs, typename Result>
struct alignas(cache_line_size) node {
  static constexpr auto name = Name;
  static constexpr facts is = Facts;
  using handler = F;
  using inputs = Inputs;
  using result = Result;  // void if it makes none; bool for a filter
  static constexpr bool makes_result = Facts.does == verb::map;
  F f;
};

struct nothing {};

/// Where events come from: a producer outside, a callable that returns std::optional<Event>, or one that fills an Event& and
/// says whether it did.
template <typename Event, typename F>
struct source {
  using event = Event;
  static constexpr bool own = !std::is_same_v<F, nothing>;
  static constexpr bool fills = std::is_invocable_v<F&, Event&>;
  F next;
};

/// Where the sentence stands: what the next piece waits for, which filters it is behind, what it gets.
template <std::uint32_t Ring, typename Event, std::uint64_t After, std::uint64_t Filters, typename Values>
struct tip {
  static constexpr std::uint32_t ring = Ring;
  static constexpr std::uint64_t after = After, filters = Filters;
  using event = Event;
  using values = Values;
};

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

/// What a wrong sentence becomes: it swallows the rest of the sentence, so that one mistake is one error.
struct refused {};

template <typename T>
inline constexpr bool is_pipeline = false;
template <typename S, typename T, typename... N>
inline constexpr bool is_pipeline<pipeline<S, T, N...>> = true;

/// The index of `name` among the nodes, or npos.
template <typename... Node>
constexpr auto index_of([[maybe_unused]] std::string_view name) noexcept -> std::size_t {
  std::size_t i = 0, found = npos;
  (void)((Node::name.view() == name ? (found = i, true) : (++i, false)) || ...);
  return found;
}

}  // namespace millrace
