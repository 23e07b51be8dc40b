// SPDX-License-Identifier: MIT
// The size of a ring: a power of two, checked once.
#pragma once
#include <bit>
#include <cstddef>

#include <millrace/base/config.hpp>
#include <millrace/base/sequence.hpp>

namespace millrace {

/// Slots of a ring. A power of two, so that a slot is found with a mask.
class capacity {
 public:
  static constexpr std::size_t most = std::size_t{1} << 40;

  /// Throws     bad_capacity unless `slots` is a power of two in [1, 2^40].
  constexpr explicit capacity(std::size_t slots) : slots_{slots} {
    if (!std::has_single_bit(slots) || slots > most)
      refuse(slots);
  }
  [[nodiscard]] constexpr auto slots() const noexcept -> sequence { return static_cast<sequence>(slots_); }
  [[nodiscard]] constexpr auto mask() const noexcept -> sequence { return static_cast<sequence>(slots_) - 1; }
  [[nodiscard]] constexpr auto slot_of(sequence s) const noexcept -> std::size_t { return static_cast<std::size_t>(s & mask()); }

 private:
  [[noreturn]] static void refuse(std::size_t slots);

  std::size_t slots_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/base/capacity.ipp>
#endif
