// SPDX-License-Identifier: MIT
// One word for each slot of a ring with many producers: the lap in which it was published last. Each producer marks its own
// slots, whenever it is done; consumers go on as far as marks are there.
//
// A lap has 31 bits and need not have more: claims are exact, so a slot is in one lap or in the next and never further.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/sync/platform.hpp>
#include <millrace/sync/relax.hpp>

namespace millrace {

template <typename Platform>
class lap_marks {
 public:
  /// What stands at a sequence.
  enum class mark : std::uint8_t {
    none,     ///< nothing yet
    opens,    ///< published, the first of a claim
    follows,  ///< published, of one claim with the one before it
  };

  /// Everything below `first` counts as published.
  /// Throws     std::bad_alloc.
  lap_marks(capacity size, sequence first)
      : mask_{size.mask()}, shift_{std::countr_zero(static_cast<std::uint64_t>(size.slots()))}, words_{new word[static_cast<std::size_t>(size.slots())]} {
    for (auto q = first - size.slots(); q < first; ++q)
      words_[slot_of(q)].store(lap_of(q), std::memory_order::relaxed);  // nobody else is there yet
  }

  /// Called by  the producer that has claimed `q`. The marks of one claim are set last to first: who finds the first finds all.
  /// Orders     release: a consumer that finds the mark sees what was written.
  MILLRACE_INLINE void set(sequence q, mark as) noexcept {
    words_[slot_of(q)].store(lap_of(q) | (as == mark::follows ? 1U : 0U), Platform::template order<site::mark_set>(std::memory_order::release));  // pairs with look()
  }
  /// Fetches the marks of [from, to) for somebody who will set them soon.
  MILLRACE_INLINE void fetch(sequence from, sequence to) const noexcept {
    constexpr auto per_line = static_cast<sequence>(cache_line_size / sizeof(word));
    for (; from < to; from += per_line) fetch_for_writing(&words_[slot_of(from)]);
  }
  /// What stands at `q`, which lies in the last lap that was claimed.
  /// Orders     acquire: if it is published, what its producer wrote is visible.
  [[nodiscard]] MILLRACE_INLINE auto at(sequence q) const noexcept -> mark {
    auto const found = look(q);
    return (found & ~1U) != lap_of(q) ? mark::none : (found & 1U) != 0 ? mark::follows : mark::opens;
  }
  /// Whether `q` is published, or was long ago: the slot may be in a later lap by now.
  [[nodiscard]] auto reached(sequence q) const noexcept -> bool { return static_cast<std::int32_t>((look(q) & ~1U) - lap_of(q)) >= 0; }
  /// The first sequence in [from, to) that is not published; `to` if all are.
  [[nodiscard]] auto ready(sequence from, sequence to) const noexcept -> sequence {
    while (from != to && (look(from) & ~1U) == lap_of(from)) ++from;
    return from;
  }

 private:
  using word = typename Platform::template atomic<std::uint32_t>;

  [[nodiscard]] auto slot_of(sequence q) const noexcept -> std::size_t { return static_cast<std::size_t>(q & mask_); }
  [[nodiscard]] auto lap_of(sequence q) const noexcept -> std::uint32_t { return static_cast<std::uint32_t>((q >> shift_) + 1) << 1; }
  [[nodiscard]] auto look(sequence q) const noexcept -> std::uint32_t {
    return words_[slot_of(q)].load(Platform::template order<site::mark_read>(std::memory_order::acquire));  // pairs with set()
  }

  sequence mask_;
  int shift_;
  owned<word[]> words_;
};

}  // namespace millrace
