// SPDX-License-Identifier: MIT
// What stages of one ring wait for in the next one.
#pragma once
#include <cstddef>

#include <millrace/base/sequence.hpp>
#include <millrace/ring/port.hpp>

namespace millrace {

/// Whether stage `s` may take event `at`, which is there: a stage that expands wants room, one that replies the parts of its event.
/// Called by  any worker.
template <typename Segment, typename Ring>
[[nodiscard]] auto next_ring_lets([[maybe_unused]] std::size_t s, [[maybe_unused]] typename Segment::outlet const& out, [[maybe_unused]] Ring const& ring, [[maybe_unused]] sequence at) noexcept -> bool {
  if constexpr (Segment::feeds) {
    if (Segment::expands(s)) return out.to->has_room();
    if constexpr (Segment::replies)
      if (Segment::awaits_parts(s)) return ring.slots.became[0][ring.size.slot_of(at)].to <= out.to->passed();
  }
  return true;
}

}  // namespace millrace
