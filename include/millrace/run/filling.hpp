// SPDX-License-Identifier: MIT
// How an event gets into its slot: a function writes over what stands there, or returns it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <millrace/base/config.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// `fill(event&, i...)` writes into the slot, where the event of a lap ago still stands; or `fill(i...)` returns the event.
/// Throws     what `fill` throws.
template <typename Column, typename Fill, typename... Index>
MILLRACE_INLINE void fill_slot(Column& events, typename Column::value_type* values, std::size_t slot, Fill& fill, Index... i) {
  using event = typename Column::value_type;
  if constexpr (std::is_invocable_v<Fill&, event&, Index...>) {
    if constexpr (!Column::resident) {
      static_assert(std::is_default_constructible_v<event>,
                    "this event has no default constructor, so there is none in the slot to be filled: publish with a function that returns the event");
      events.put(slot, [] { return event{}; });
    }
    fill(values[slot], i...);
  } else {
    static_assert(std::is_invocable_r_v<event, Fill&, Index...>,
                  "publish takes a function that fills an event, void(Event&), or returns one; for several at once with the index behind, void(Event&, std::size_t)");
    events.put(slot, [&]() -> decltype(auto) { return fill(i...); });
  }
}

/// The same for `n` sequences from `first` on, by contiguous stretches: no mask in the inner loop.
template <typename Column, typename Fill>
MILLRACE_INLINE void fill_slots(Column& events, typename Column::value_type* values, sequence first, std::int64_t n, sequence mask, Fill& fill) {
  for (std::int64_t k = 0; k < n;) {
    auto const slot = static_cast<std::size_t>((first + k) & mask);
    auto const left = mask + 1 - static_cast<sequence>(slot);
    auto const stretch = n - k < left ? n - k : left;
    for (std::int64_t i = 0; i < stretch; ++i) millrace::fill_slot(events, values, slot + static_cast<std::size_t>(i), fill, static_cast<std::size_t>(k + i));
    k += stretch;
  }
}

/// Of events for whose reply nobody waits.
struct no_mark {
  MILLRACE_INLINE void operator()(std::size_t) const noexcept {}
};

}  // namespace millrace
