// SPDX-License-Identifier: MIT
// What the sentence knows so far: names to values, and what waiting for a stage implies. The questions are pure functions and
// the sentences about wrong answers are said elsewhere: gcc adds an error for every constant that needed a refusing function.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <millrace/dsl/options.hpp>
#include <millrace/stage/graph.hpp>

namespace millrace {

inline constexpr std::string_view event_name = "event";
inline constexpr std::string_view source_name = "source";

enum class name_problem : std::uint8_t { none, unknown, no_result };

template <typename Event>
using the_event = value<-1, Event>;
template <typename... V>
constexpr auto bits_of(values<V...>) noexcept -> std::uint64_t {
  return (std::uint64_t{0} | ... | bit(static_cast<std::size_t>(V::from + 1)));
}
/// The filters that decide whether the values are there.
template <typename... V>
constexpr auto doubts_of(values<V...>) noexcept -> std::uint64_t {
  return (std::uint64_t{0} | ... | last_of(V::missing));
}

/// The sentence began with mr::replies.
template <typename... Node>
inline constexpr bool is_replied_to = false;
template <typename First, typename... Rest>
inline constexpr bool is_replied_to<First, Rest...> = requires { typename First::handler::platform; };

/// And has the stage that replies.
template <typename... Node>
inline constexpr bool replies_stand = ((Node::is.does == verb::reply) || ...);

template <typename Tip, typename... Node>
struct known {
  static constexpr facts all[sizeof...(Node) + 1] = {Node::is..., facts{}};

  // ---- names
  static constexpr auto problem(std::string_view name) noexcept -> name_problem {
    if (name == event_name) return name_problem::none;
    auto const i = index_of<Node...>(name);
    if (i == npos) return name_problem::unknown;
    return all[i].does == verb::map ? name_problem::none : name_problem::no_result;
  }
  static constexpr auto stages_named(std::string_view name) noexcept -> std::uint64_t {
    return name == event_name ? 0 : bit(index_of<Node...>(name));
  }
  /// Filters that stand before the result of node i, itself among them.
  static constexpr auto passed(std::size_t i) noexcept -> std::uint64_t {
    return all[i].filters | (all[i].does == verb::filter ? bit(i) : 0);
  }

  template <fixed_string Name>
  static auto value_named() {
    if constexpr (Name.view() == event_name) {
      return the_event<typename Tip::event>{};
    } else {
      constexpr auto i = index_of<Node...>(Name.view());
      return value<static_cast<int>(i), typename element<i, store<Node...>>::result, passed(i) & ~Tip::filters>{};
    }
  }

  // ---- what the option `takes` comes to
  template <fixed_string... Name>
  static constexpr auto waits(takes_option<Name...>) noexcept -> std::uint64_t {
    return (std::uint64_t{0} | ... | stages_named(Name.view()));
  }
  template <typename Takes>
  struct inputs : std::type_identity<typename Tip::values> {};
  template <fixed_string First, fixed_string... Name>
  struct inputs<takes_option<First, Name...>>
      : std::type_identity<values<decltype(value_named<First>()), decltype(value_named<Name>())...>> {};

  /// All nodes that are done when those of `after` are.
  static constexpr auto closure(std::uint64_t after) noexcept -> std::uint64_t {
    auto done = after;
    for (std::size_t i = 0; i < sizeof...(Node); ++i)
      if ((after & bit(i)) != 0) done |= all[i].before;
    return done;
  }
  /// Nodes that no other waits for.
  static constexpr auto last() noexcept -> std::uint64_t {
    auto mask = bit(sizeof...(Node)) - 1;
    for (auto const& f : all) mask &= ~f.after;
    return mask;
  }
  /// Nodes at which an event may fail without stopping all.
  static constexpr auto forgiving() noexcept -> std::uint64_t {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < sizeof...(Node); ++i)
      if (all[i].in_the_end != remedy::stop) mask |= bit(i);
    return mask;
  }
  /// A node that touches one of `values` at a time when one that waits for `before` may too, though one of them changes it; npos
  /// if none.
  static constexpr auto conflict(std::uint64_t before, std::uint64_t values, bool changes) noexcept -> std::size_t {
    for (std::size_t i = 0; i < sizeof...(Node); ++i)
      if ((before & bit(i)) == 0 && all[i].does != verb::divert && (all[i].touches & values) != 0 && (changes || all[i].does == verb::change || all[i].takes_away)) return i;
    return npos;
  }
};

}  // namespace millrace
