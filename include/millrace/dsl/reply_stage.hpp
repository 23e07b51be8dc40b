// SPDX-License-Identifier: MIT
// The last stage of a ring whose events are replied to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/async/replier.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>

namespace millrace {

template <typename... V>
constexpr auto can_be_given(values<V...>) noexcept -> bool { return (std::is_move_constructible_v<typename V::type> && ...); }
template <typename... V>
constexpr auto can_be_copied(values<V...>) noexcept -> bool { return (std::is_copy_constructible_v<typename V::type> && ...); }

/// With the stage that replies behind all others, which takes `Takes` and gives `Result`.
template <fixed_string Name, facts Is, typename Result, typename Takes, typename Source, typename Tip, typename... Node>
constexpr auto with_reply_stage(pipeline<Source, Tip, Node...>&& p) {
  if constexpr (index_of<Node...>(Name.view()) != npos) {
    name_exists_already<Name>();
    return refused{};
  } else if constexpr (sizeof...(Node) == most_stages) {
    too_many_stages<Name>();
    return refused{};
  } else {
    using First = typename element<0, store<Node...>>::handler;
    using New = node<Name, Is, replier<Result, typename First::platform>, Takes, void>;
    return pipeline<Source, Tip, Node..., New>{std::move(p.from), millrace::append(std::move(p.nodes), New{})};
  }
}

/// The whole sentence of one ring, with the second of the two stages if it has the first.
template <fixed_string Name = "replies", typename Source, typename Tip, typename... Node>
constexpr auto with_replies(pipeline<Source, Tip, Node...>&& p) {
  using Known = known<Tip, Node...>;
  using Values = typename Tip::values;
  if constexpr (!can_be_given(Values{})) {
    reply_cannot_be_moved<typename reply_of<Values>::type>();
    return refused{};
  } else {
    constexpr auto last = Known::last();
    constexpr facts is{.does = verb::reply,
                       .form = shape::each,
                       .ring = Tip::ring,
                       .after = last,
                       .before = Known::closure(last),
                       .asks = Tip::filters | millrace::doubts_of(Values{}),
                       .touches = millrace::bits_of(Values{}),
                       .troubles = Known::closure(Tip::after) & Known::forgiving(),
                       .doubts = millrace::doubts_of(Values{}),
                       .takes_away = !can_be_copied(Values{})};
    return millrace::with_reply_stage<Name, is, typename reply_of<Values>::type, Values>(std::move(p));
  }
}

/// A ring that ends with a stage that expands, with the stage that replies behind it: to an event when its parts have passed the next ring.
template <fixed_string Name = "replies", typename Source, typename Tip, typename... Node>
constexpr auto with_replies_to_parts(pipeline<Source, Tip, Node...>&& p) {
  using Known = known<Tip, Node...>;
  constexpr auto last = Known::last();
  constexpr facts is{.does = verb::reply,
                     .form = shape::each,
                     .ring = Tip::ring,
                     .after = last,
                     .before = Known::closure(last),
                     .asks = Tip::filters,
                     .troubles = Known::closure(last) & Known::forgiving()};
  return millrace::with_reply_stage<Name, is, std::int64_t, values<>>(std::move(p));
}

}  // namespace millrace
