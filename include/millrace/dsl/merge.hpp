// SPDX-License-Identifier: MIT
// Several sources as one: their events take turns.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/dsl/copies.hpp>
#include <millrace/dsl/from.hpp>

namespace millrace {

/// One event from each source in turn, as long as it has some.
template <typename... F>
struct merged_sources {
  store<F...> sources;
  std::size_t turn = 0;
  std::uint64_t ended = 0;

  /// Of generators that return: the next event, empty when all have ended.
  auto operator()() requires(std::is_invocable_v<F&> && ...) { return next(std::index_sequence_for<F...>{}, [](auto& f) { return f(); }, [](auto const& made) { return static_cast<bool>(made); }); }
  /// Of generators that fill.
  template <typename Event>
    requires(std::is_invocable_r_v<bool, F&, Event&> && ...)
  auto operator()(Event& e) -> bool {
    return next(std::index_sequence_for<F...>{}, [&](auto& f) { return f(e); }, [](bool filled) { return filled; });
  }

 private:
  template <std::size_t... I, typename Ask, typename Good>
  auto next(std::index_sequence<I...>, Ask ask, Good good) {
    using Answer = decltype(ask(millrace::get<0>(sources)));
    constexpr auto all = (std::uint64_t{1} << sizeof...(F)) - 1;
    while (ended != all) {
      auto const now = turn;
      turn = turn + 1 == sizeof...(F) ? 0 : turn + 1;
      if ((ended >> now & 1) != 0) continue;
      Answer answer{};
      static_cast<void>(((I == now && (answer = ask(millrace::get<I>(sources)), true)) || ...));
      if (good(answer)) return answer;
      ended |= std::uint64_t{1} << now;
    }
    return Answer{};
  }
};

template <typename T>
inline constexpr bool is_bare_source = false;
template <typename E, typename F, typename T>
inline constexpr bool is_bare_source<pipeline<source<E, F>, T>> = source<E, F>::own;

/// A sentence whose source is several: `mr::merge(mr::generate(f), mr::generate(g))`. Their events take turns, one from each; it ends when
/// all of them have. All make the same event, and all return it or all fill it. They are one stage, called "source".
template <typename First, typename... Rest>
constexpr auto merge(First&& first, Rest&&... rest) {
  if constexpr (std::is_same_v<std::remove_cvref_t<First>, refused> || (std::is_same_v<std::remove_cvref_t<Rest>, refused> || ...)) {
    return refused{};
  } else if constexpr (!is_bare_source<std::remove_cvref_t<First>> || !(is_bare_source<std::remove_cvref_t<Rest>> && ...)) {
    merge_of_no_source<struct merge_of_something_else>();
    return refused{};
  } else {
    using Event = typename std::remove_cvref_t<First>::event;
    using Merged = merged_sources<decltype(first.from.next), decltype(rest.from.next)...>;
    constexpr bool fills = std::remove_cvref_t<First>::source_type::fills;
    if constexpr (!((std::is_same_v<typename std::remove_cvref_t<Rest>::event, Event> && std::remove_cvref_t<Rest>::source_type::fills == fills) && ...)) {
      merge_of_different_sources<returns<Event>, typename std::remove_cvref_t<Rest>::event...>();
      return refused{};
    } else if constexpr (!becomes_a_value<First> || !(becomes_a_value<Rest> && ...)) {
      generator_cannot_be_copied<Merged>();
      return refused{};
    } else {
      return sentence_from<Event, Merged>{{Merged{{{std::forward<First>(first).from.next}, {std::forward<Rest>(rest).from.next}...}}}, {}};
    }
  }
}

}  // namespace millrace
