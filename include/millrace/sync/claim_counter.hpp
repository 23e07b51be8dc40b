// SPDX-License-Identifier: MIT
// Where several producers draw numbers: the next sequence that nobody has claimed, and beside it the room that one of them has
// found, for all. Both are on one line, which whoever claims must have anyway.
#pragma once
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/sync/platform.hpp>

namespace millrace {

template <typename Platform>
class alignas(cache_line_size) claim_counter {
 public:
  explicit claim_counter(sequence first = 0) noexcept : next_{first}, room_{first} {}

  /// The next sequence; more than any sequence if it is closed.
  [[nodiscard]] auto now() const noexcept -> sequence {
    return next_.load(std::memory_order::relaxed);  // a guess: take() decides, and nothing is published by a number
  }
  [[nodiscard]] static constexpr auto is_closed(sequence now) noexcept -> bool { return now > sequence_limit; }
  /// Without the sign that it is closed.
  [[nodiscard]] auto next() const noexcept -> sequence { return now() & ~closed; }

  /// `n` sequences from `now` on belong to the caller, if it is still the next; else `now` becomes what it is, and false.
  /// Costs      one read-modify-write. It publishes nothing: what makes slots free to be written is room().
  [[nodiscard]] auto take(sequence& now, std::int64_t n) noexcept -> bool {
    return next_.compare_exchange_weak(now, now + n, std::memory_order::relaxed,  // orders nothing: see above
                                       std::memory_order::relaxed);              // and neither does a failure
  }
  /// Nobody can take anything from now on. The first sequence that nobody has.
  auto close() noexcept -> sequence {
    return next_.fetch_or(closed, std::memory_order::relaxed) & ~closed;  // the barriers around it order it: see multi_producer::close()
  }

  /// Sequences below are free, as far as any producer has seen.
  /// Orders     acquire: the consumers' last use of these slots happens before the caller's writes.
  [[nodiscard]] auto room() const noexcept -> sequence {
    return room_.load(Platform::template order<site::room_read>(std::memory_order::acquire));  // pairs with the release in found_room()
  }
  /// Called by  a producer that has looked at the consumers. It may set back what another one has found later: too little is safe.
  void found_room(sequence to) noexcept {
    room_.store(to, Platform::template order<site::room_publish>(std::memory_order::release));  // pairs with the acquire in room()
  }

 private:
  static constexpr sequence closed = sequence{1} << 62;
  static_assert(closed > sequence_limit, "no sequence has this bit");

  typename Platform::template atomic<sequence> next_;
  typename Platform::template atomic<sequence> room_;
};

}  // namespace millrace
