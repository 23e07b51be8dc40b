// SPDX-License-Identifier: MIT
// What becomes of an event whose producer finds the ring full, as part of the pipeline's type: who waits for room pays for nothing else.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>  // std::hash
#include <type_traits>

namespace millrace {

enum class when_full : std::uint8_t {
  wait,         ///< the producer waits for room, as far as its call allows
  refuse,       ///< it is told so at once
  drop_newest,  ///< the event is given up, and its producer goes on
  drop_oldest,  ///< the newest events wait beside the ring; who has waited longest is given up for them
  conflate,     ///< events wait beside the ring, one for each key: a newer one takes the place of the older
};

template <when_full Does>
struct full_policy {
  static constexpr when_full does = Does;
};
template <>
struct full_policy<when_full::drop_oldest> {
  static constexpr when_full does = when_full::drop_oldest;
  std::size_t most = 0;  // events that may wait; 0: as many as the ring has slots
};
template <typename KeyOf>
struct conflating {
  static constexpr when_full does = when_full::conflate;
  KeyOf key_of;
  std::size_t most = 0;
};

/// Events wait beside the ring.
template <typename Full>
inline constexpr bool keeps_waiting = Full::does == when_full::drop_oldest || Full::does == when_full::conflate;

template <typename T>
inline constexpr bool is_full_policy = false;
template <when_full Does>
inline constexpr bool is_full_policy<full_policy<Does>> = true;
template <typename KeyOf>
inline constexpr bool is_full_policy<conflating<KeyOf>> = true;

/// The keys of a policy: which event takes the place of which.
template <typename Full, typename Event>
inline constexpr bool has_key_of = true;
template <typename KeyOf, typename Event>
inline constexpr bool has_key_of<conflating<KeyOf>, Event> = [] {
  if constexpr (!std::is_invocable_v<KeyOf const&, Event const&>) return false;
  else {
    using key = std::remove_cvref_t<std::invoke_result_t<KeyOf const&, Event const&>>;
    return std::equality_comparable<key> && requires(key const& k) { std::hash<key>{}(k); };
  }
}();

}  // namespace millrace
