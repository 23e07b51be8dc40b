// SPDX-License-Identifier: MIT
// What a producer does that finds no room, or a ring that is closed.
#pragma once
#include <cstdint>

namespace millrace {

template <typename Platform>
auto single_producer<Platform>::in_time(sequence to) const noexcept -> status {
  while (end() == sequence_limit) Platform::yield();
  return to <= end() ? status::ok : status::closed;
}

template <typename Platform>
auto single_producer<Platform>::up_to_the_end(sequence all) const noexcept -> sequence {
  auto const e = end();
  return e == sequence_limit ? 0 : all < e ? all : e;  // not yet set: nothing for now
}

template <typename Platform>
auto single_producer<Platform>::look_for_room(std::int64_t n, barrier<Platform> const& gate) noexcept -> status {
  if (n <= 0 || n > capacity_.slots() || n > sequence_limit - next()) return status::refused;
  auto const free_until = gate.reached() + capacity_.slots();
  if (free_until > room_) room_ = free_until < sequence_limit ? free_until : sequence_limit;  // never less: see guests
  if (n <= room_ - next()) return status::ok;
  return waiting_.is_closed() ? status::closed : status::would_block;
}

template <typename Platform>
auto single_producer<Platform>::wait_for_room(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look,
                                                event_count<Platform>& sleep, std::int64_t deadline) -> status {
  auto s = status::would_block;
  wait_until<Platform>(
      look, sleep, deadline, [&] { return (s = look_for_room(n, gate)) != status::would_block; },
      [&] { gate.add_waiter(sleepers<Platform>::others); });
  return s;
}

}  // namespace millrace
