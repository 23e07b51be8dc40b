// SPDX-License-Identifier: MIT
// `mr::replies` among the options of mr::from: whoever publishes may wait for what flows out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/async/replier.hpp>
#include <millrace/dsl/diagnostics.hpp>
#include <millrace/dsl/from.hpp>
#include <millrace/dsl/known.hpp>
#include <millrace/dsl/pieces.hpp>
#include <millrace/dsl/reply_stage.hpp>

namespace millrace {

template <typename Platform>
struct replies_option {
  pool_size size;
  /// How many futures there may be at a time; else as many as the ring has slots.
  constexpr auto operator()(std::size_t states) const noexcept -> replies_option { return {{states}}; }
};
/// Option of mr::from: `in.submit(event)` returns a future of what flows out of the last stage, and `co_await in.on(executor).async(fill)`
/// waits for it. Costs two stages more, "called off" and "replies", which look at a word for each event, and go wherever their neighbours
/// go. Not with mr::lane_per_producer, and not with events that wait beside a full ring. What flows out of an event that is expanded is the
/// number of its parts, when all of them have passed.
template <typename Platform>
inline constexpr replies_option<Platform> replies_on{};
inline constexpr auto replies = replies_on<std_platform>;

template <typename T>
inline constexpr bool is_replies_option = false;
template <typename P>
inline constexpr bool is_replies_option<replies_option<P>> = true;

template <typename T>
inline constexpr bool lets_events_wait = false;
template <typename P>
inline constexpr bool lets_events_wait<full_option<P>> = keeps_waiting<P>;

/// The sentence with the first of the two stages.
template <typename Platform, typename Source, typename Tip>
constexpr auto begun(pipeline<Source, Tip>&& p, replies_option<Platform> option) {
  constexpr facts is{.does = verb::filter, .form = shape::each_at, .ring = Tip::ring};
  using First = node<"called off", is, door<Platform>, values<>, bool>;
  return pipeline<Source, tip_at<Tip, bit(0), bit(0), typename Tip::values>, First>{std::move(p.from), {{First{door<Platform>{option.size}}}}};
}
template <typename Platform>
constexpr auto begun(refused&&, replies_option<Platform>) -> refused { return {}; }

/// mr::from with the other options, those in front of mr::replies and those behind.
template <typename Event, typename Platform, typename... Before, typename... Behind>
constexpr auto from_replying(store<Before...>&& before, replies_option<Platform> option, Behind... behind) {
  if constexpr ((is_replies_option<Behind> || ...)) {
    unknown_way_in<replies_option<Platform>, Behind...>();
    return refused{};
  } else if constexpr ((lets_events_wait<Before> || ...) || (lets_events_wait<Behind> || ...)) {
    replies_where_events_wait<Event>();
    return refused{};
  } else if constexpr ((std::is_same_v<Before, lanes_option> || ...) || (std::is_same_v<Behind, lanes_option> || ...)) {
    replies_of_a_lane<Event>();
    return refused{};
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return millrace::begun(from<Event>(std::move(millrace::get<I>(before))..., std::move(behind)...), option);
    }(std::index_sequence_for<Before...>{});
  }
}
template <typename Event, typename... Before, typename First, typename... Behind>
  requires(!is_replies_option<First>)
constexpr auto from_replying(store<Before...>&& before, First first, Behind... behind) {
  return from_replying<Event>(millrace::append(std::move(before), std::move(first)), std::move(behind)...);
}
template <typename Event, typename Option, typename... More>
  requires(is_replies_option<Option> || (is_replies_option<More> || ...))
constexpr auto from(Option option, More... more) {
  return from_replying<Event>(store<>{}, std::move(option), std::move(more)...);
}

}  // namespace millrace
