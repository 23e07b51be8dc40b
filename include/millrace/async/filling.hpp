// SPDX-License-Identifier: MIT
// What fills an event of somebody who waits for its reply: a function as a publish takes it, or the event itself.
#pragma once
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/ring/column.hpp>

namespace millrace {

template <typename Event, typename What>
inline constexpr bool fills = std::is_invocable_v<What&, Event&> || std::is_invocable_r_v<Event, What&>;

/// A fill that is used at once, and refers to `what`.
template <typename Event, typename What>
MILLRACE_INLINE auto filling_with(What& what) noexcept {
  if constexpr (fills<Event, What>) {
    return [&what]<typename... E>(E&... e) -> decltype(auto) requires std::is_invocable_v<What&, E&...> { return what(e...); };
  } else {
    static_assert(std::is_constructible_v<Event, What&&>, "submit takes an event, or what publish takes: a function that fills one, void(Event&), or returns one");
    if constexpr (lives_in_ring<Event> && std::is_assignable_v<Event&, What&&>) return [&what](Event& e) { e = std::forward<What>(what); };
    else return [&what]() -> Event { return Event(std::forward<What>(what)); };
  }
}
/// A fill that is used later, once, and keeps `what`.
template <typename Event, typename What>
auto fill_that_keeps(What what) {
  if constexpr (fills<Event, What>) {
    return what;
  } else {
    static_assert(std::is_constructible_v<Event, What&&>, "async and as_sender take an event, or what publish takes: a function that fills one, void(Event&), or returns one");
    return [kept = std::move(what)]() mutable -> Event { return Event(std::move(kept)); };
  }
}

}  // namespace millrace
