// SPDX-License-Identifier: MIT
// The stages of a ring that publish into other runners, by their numbers.
#pragma once
#include <cstddef>
#include <utility>

#include <millrace/base/store.hpp>
#include <millrace/stage/segment.hpp>

namespace millrace {

/// `f(stage, sender)` for each of them.
template <typename Segment, typename F>
void each_sender([[maybe_unused]] typename Segment::nodes& nodes, [[maybe_unused]] F f) {
  if constexpr (Segment::any_sends)
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (
          [&] {
            if constexpr (Segment::all[K].does == verb::into) f(K + Segment::stages - Segment::size, millrace::get<K>(nodes).f);
          }(),
          ...);
    }(std::make_index_sequence<Segment::size>{});
}
/// Stage s has room where it publishes.
template <typename Segment>
auto sender_has_room(typename Segment::nodes& nodes, std::size_t s) noexcept -> bool {
  bool room = true;
  each_sender<Segment>(nodes, [&](std::size_t k, auto& sender) { room = room && (k != s || sender.has_room()); });
  return room;
}
/// If it has none, sets the worker's bit where room comes from, and says so.
template <typename Segment>
auto announce_to_sender(typename Segment::nodes& nodes, std::size_t s, std::size_t worker) noexcept -> bool {
  bool waits = false;
  each_sender<Segment>(nodes, [&](std::size_t k, auto& sender) {
    if (k == s && !sender.has_room()) sender.wait_for_room(worker), waits = true;
  });
  return waits;
}

}  // namespace millrace
