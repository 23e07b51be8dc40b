// SPDX-License-Identifier: MIT
// The sequencer of a ring with one producer: claims slots that all consumers have left, and publishes them.
//
// After the single producer sequencer of the LMAX Disruptor (Thompson, Farley, Barker, Gee, Stewart, 2011): a published
// cursor, and a cached copy of the slowest consumer. Other than there a claim is exact: it never takes more than there is
// room for, and it can be abandoned.
#pragma once
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/barrier.hpp>
#include <millrace/sync/claim_word.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// Claims and publishes sequences for one producer. Knows nothing of events: the caller writes slots between the two.
template <typename Platform = std_platform>
class single_producer {
 public:
  /// `first` is the number of the first event; not 0 only in tests of the end of the range.
  explicit single_producer(capacity size, sequence first = 0) noexcept
      : published_{first}, claimed_{first}, room_{first}, capacity_{size} {}

  // ---- any thread

  /// Everything below may be read.
  /// Orders     acquire: pairs with publish().
  [[nodiscard]] auto published() const noexcept -> sequence { return published_.published(); }
  /// Who waits for events.
  [[nodiscard]] auto waiting() noexcept -> waiters<Platform>& { return waiting_; }
  [[nodiscard]] auto size() const noexcept -> capacity { return capacity_; }

  /// From now on claims are refused as closed. A claim under way stays valid. Wakes nobody: whoever sleeps for room has to be
  /// alerted afterwards.
  void close() noexcept { waiting_.close(); }
  [[nodiscard]] auto closed() noexcept -> bool { return waiting_.is_closed(); }
  /// After close(), Platform::heavy_barrier(): no claim is under way, and published() will not change any more.
  [[nodiscard]] auto settled() const noexcept -> bool { return claimed_.settled() == published_.published(); }

  // ---- the producer

  /// The first sequence of the claim, or of the next one.
  [[nodiscard]] auto next() const noexcept -> sequence { return published_.own(); }
  /// Free slots known of without asking the consumers; where a producer may prefetch.
  [[nodiscard]] auto known_room() const noexcept -> sequence { return room_ - next(); }

  /// Claims `n` sequences from next() on, if `gate` leaves room for all of them.
  /// Called by  the one producer.
  /// Waits      never.
  /// Orders     acquire: the consumers' last use of the slots happens before the caller's writes.
  /// Costs      one store and two loads of the producer's own line; a look at the consumers only when the known room is used up.
  [[nodiscard]] MILLRACE_INLINE auto try_claim(std::int64_t n, barrier<Platform> const& gate) noexcept -> status {
    if (n > room_ - next() || n <= 0) [[unlikely]]
      if (auto const s = look_for_room(n, gate); s != status::ok) return s;
    return announce(n);
  }
  /// The same for as many as there is room for, at least one and at most `n`; says how many.
  [[nodiscard]] auto try_claim_up_to(std::int64_t n, barrier<Platform> const& gate, std::int64_t& got) noexcept -> status {
    got = 0;
    if (auto const left = sequence_limit - next(); n > left) n = left;  // what there is before the end of the range
    if (n > room_ - next()) {
      auto const s = look_for_room(n < capacity_.slots() ? n : capacity_.slots(), gate);
      if (room_ - next() < n) n = room_ - next();
      if (n == 0) return s;
    }
    if (n <= 0) return status::refused;
    auto const s = announce(n);
    got = s == status::ok ? n : 0;
    return s;
  }
  /// The same as try_claim, but waits for room.
  /// Waits      as `look` says, until the slowest consumer has left n slots, the ring is closed, or the deadline.
  [[nodiscard]] MILLRACE_INLINE auto claim(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep,
                                           std::int64_t deadline = for_ever) -> status {
    if (n > room_ - next() || n <= 0) [[unlikely]]
      if (auto const s = wait_for_room(n, gate, look, sleep, deadline); s != status::ok) return s;
    return announce(n);
  }
  [[nodiscard]] auto claim_up_to(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep,
                                 std::int64_t& got, std::int64_t deadline = for_ever) -> status {
    auto s = try_claim_up_to(n, gate, got);
    if (s != status::would_block) return s;
    s = wait_for_room(1, gate, look, sleep, deadline);
    return s == status::ok ? try_claim_up_to(n, gate, got) : s;
  }
  /// Makes the first `n` events of the claim visible; the others are given back.
  /// Orders     release: a consumer that sees them sees what was written.
  /// Costs      one store, and one load of a line that only sleepers write.
  MILLRACE_INLINE void publish(std::int64_t n, sleepers<Platform> const& table) noexcept {
    auto const to = next() + n;
    claimed_.give_back(to);
    published_.publish(to);
    waiting_.notify(table);
  }
  /// The same for the whole claim, of which `n` is the length.
  MILLRACE_INLINE void publish_all(std::int64_t n, sleepers<Platform> const& table) noexcept {
    publish_to(next() + n, table);
  }
  // The same in two halves, for a producer that keeps next() and known_room() in registers: it may claim up to its known room
  // by announcing how far, and look for more room with the members above.

  /// From next() to below `to`, all of it known to be free.
  [[nodiscard]] MILLRACE_INLINE auto claim_known(sequence to) noexcept -> status {
    claimed_.announce(to);  // then look whether it is closed: who closes sets the bit, and then looks at the claim
    if (waiting_.is_closed()) [[unlikely]] {
      abandon();
      return status::closed;
    }
    return status::ok;
  }
  /// Everything below `to` is published: the whole claim.
  MILLRACE_INLINE void publish_to(sequence to, sleepers<Platform> const& table) noexcept {
    published_.publish(to);
    waiting_.notify(table);
  }

  /// Gives the whole claim back: nothing was written that anybody will see.
  void abandon() noexcept { claimed_.give_back(next()); }

 private:
  [[nodiscard]] MILLRACE_INLINE auto announce(std::int64_t n) noexcept -> status { return claim_known(next() + n); }
  [[nodiscard, gnu::noinline]] auto look_for_room(std::int64_t n, barrier<Platform> const& gate) noexcept -> status {
    if (n <= 0 || n > capacity_.slots() || n > sequence_limit - next()) return status::refused;
    auto const free_until = gate.reached() + capacity_.slots();
    room_ = free_until < sequence_limit ? free_until : sequence_limit;
    if (n <= room_ - next()) return status::ok;
    return waiting_.is_closed() ? status::closed : status::would_block;
  }
  [[nodiscard, gnu::noinline]] auto wait_for_room(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look,
                                                  event_count<Platform>& sleep, std::int64_t deadline) -> status {
    auto s = status::would_block;
    wait_until<Platform>(
        look, sleep, deadline, [&] { return (s = look_for_room(n, gate)) != status::would_block; },
        [&] { gate.add_waiter(sleepers<Platform>::others); });
    return s;
  }

  // Written by the producer, read by consumers; the mask beside it is written by sleepers only.
  alignas(cache_line_size) cursor<Platform, site::producer_publish, site::producer_published> published_;
  waiters<Platform> waiting_;
  // The producer's own; read by others only when the ring closes.
  alignas(cache_line_size) claim_word<Platform> claimed_;
  sequence room_;  // sequences below this are known to be free
  capacity capacity_;
};

}  // namespace millrace
