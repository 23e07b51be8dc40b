// SPDX-License-Identifier: MIT
// The option of mr::from that says what becomes of an event whose producer finds the ring full. Each way but waiting is counted, in
// mr::snapshot and in the report.
#pragma once
#include <cstddef>
#include <type_traits>
#include <utility>

#include <millrace/dsl/source_diagnostics.hpp>
#include <millrace/stage/graph.hpp>
#include <millrace/stage/overflow.hpp>

namespace millrace {

/// Its producer waits, as far as its call allows. So it is without mr::on_full.
inline constexpr full_policy<when_full::wait> wait_for_room{};
/// Every call says `would_block` at once, and the event is counted as refused.
inline constexpr full_policy<when_full::refuse> refuse{};
/// Every call says `dropped` at once, without filling the event, and it is counted.
inline constexpr full_policy<when_full::drop_newest> drop_newest{};
/// Events wait beside the ring, in order; if too many wait, the one that has waited longest is dropped. Publishing says `ok`, and waits
/// for no stage. For one producer; events must be movable.
inline constexpr full_policy<when_full::drop_oldest> drop_oldest{};
/// The same, but a newer event takes the place of the one of the same key that waits: `key_of(event)` returns something with == and
/// std::hash, or is a pointer to a member. It is called by the producer for events that have to wait. If too many keys wait, the event that has
/// waited longest is dropped. What is in the ring already is not replaced: let the ring be small.
template <typename KeyOf>
constexpr auto conflate_by(KeyOf key_of) -> conflating<KeyOf> { return {std::move(key_of)}; }

template <typename Policy>
struct full_option {
  [[no_unique_address]] Policy policy;
};
template <typename T>
inline constexpr bool is_full_option = false;
template <typename P>
inline constexpr bool is_full_option<full_option<P>> = true;

/// Option of mr::from: what becomes of an event whose producer finds the ring full.
template <typename Policy>
constexpr auto on_full(Policy policy) {
  if constexpr (is_full_policy<Policy>) {
    return full_option<Policy>{std::move(policy)};
  } else {
    no_policy_for_a_full_ring<Policy>();
    return refused{};
  }
}
/// The same for policies that let events wait: at most so many, a power of two; without it as many as the ring has slots.
template <typename Policy, typename Most>
constexpr auto on_full(Policy policy, Most most) {
  if constexpr (is_full_policy<Policy> && std::is_convertible_v<Most, std::size_t>) {
    if constexpr (keeps_waiting<Policy>) {
      policy.most = static_cast<std::size_t>(most);
      return full_option<Policy>{std::move(policy)};
    } else {
      no_policy_for_a_full_ring<Policy, Most>();
      return refused{};
    }
  } else {
    no_policy_for_a_full_ring<Policy, Most>();
    return refused{};
  }
}

}  // namespace millrace
