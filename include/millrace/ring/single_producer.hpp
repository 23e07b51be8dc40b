// SPDX-License-Identifier: MIT
// The sequencer of a ring with one producer: claims slots that all consumers have left, and publishes them.
//
// After the single producer sequencer of the LMAX Disruptor (Thompson, Farley, Barker, Gee, Stewart, 2011): a published
// cursor, and a cached copy of the slowest consumer. Other than there a claim is exact: it never takes more than there is
// room for; and a claim that is not published is forgotten, so it can be abandoned.
#pragma once
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/barrier.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// Claims and publishes sequences for one producer. Knows nothing of events: the caller writes slots between the two.
template <typename Platform = std_platform>
class single_producer {
 public:
  /// `first` is the number of the first event; not 0 only in tests of the end of the range.
  explicit single_producer(capacity size, sequence first = 0) noexcept
      : published_{first}, room_{first}, capacity_{size} {}

  // ---- any thread

  /// Something can be claimed, or there is something else to be told: it is closed.
  [[nodiscard]] auto would_answer(barrier<Platform> const& gate) noexcept -> bool { return published() - gate.reached() < capacity_.slots() || closed(); }
  /// Everything below may be read.
  /// Orders     acquire: pairs with publish().
  [[nodiscard]] auto published() const noexcept -> sequence { return published_.published(); }
  /// Who waits for events.
  [[nodiscard]] auto waiting() noexcept -> waiters<Platform>& { return waiting_; }
  [[nodiscard]] auto size() const noexcept -> capacity { return capacity_; }

  /// Ends the stream: claims are refused from now on, and what is published by now is in the stream. A publish under way is in it
  /// or not, and learns which. Wakes nobody: whoever sleeps for room or for events has to be alerted afterwards.
  ///
  /// The end is set with one store and one look on the producer's side, which it has anyway: it publishes, then looks at the
  /// closed bit; the closer sets the bit, passes a heavy barrier, then looks at what is published. So a publish that the closer
  /// has not counted sees the bit. A consumer that reads such a publish sees the bit too, because it looks at it afterwards, and
  /// then keeps to the end.
  ///
  /// `more` events that wait beside the ring are part of the stream: publish() goes on until they are there.
  ///
  /// Called by  any thread, one at a time. A second call changes nothing.
  void close(std::int64_t more = 0) noexcept {
    if (end() != sequence_limit) return;
    waiting_.close();
    Platform::heavy_barrier();  // pairs with the looks at the closed bit in publish() and readable()
    end_.publish(published() + more);
  }
  [[nodiscard]] auto closed() noexcept -> bool { return waiting_.is_closed(); }
  /// The first sequence that is not in the stream; sequence_limit until close().
  [[nodiscard]] auto end() const noexcept -> sequence { return end_.published(); }
  /// Events in the stream so far.
  [[nodiscard]] auto entered() const noexcept -> sequence {
    auto const all = published(), e = end();
    return all < e ? all : e;
  }
  /// Consumers may read everything below: what is published, and when it is closed nothing behind the end.
  /// Orders     acquire: pairs with publish().
  [[nodiscard]] MILLRACE_INLINE auto readable() noexcept -> sequence {
    auto const all = published();
    return waiting_.is_closed() ? up_to_the_end(all) : all;
  }
  /// The same for a consumer that stands at `from`: only a ring with many producers needs to know.
  [[nodiscard]] MILLRACE_INLINE auto readable([[maybe_unused]] sequence from) noexcept -> sequence { return readable(); }

  // ---- the producer

  /// The first sequence of the claim, or of the next one.
  [[nodiscard]] auto next() const noexcept -> sequence { return published_.own(); }
  /// Free slots known of without asking the consumers; where a producer may prefetch.
  [[nodiscard]] auto known_room() const noexcept -> sequence { return room_ - next(); }

  /// Claims `n` sequences from next() on, if `gate` leaves room for all of them.
  /// Called by  the one producer.
  /// Waits      never.
  /// Orders     acquire: the consumers' last use of the slots happens before the caller's writes.
  /// Costs      a load of the producer's own line and one of the mask beside the cursor; a look at the consumers only when the
  ///            known room is used up.
  [[nodiscard]] MILLRACE_INLINE auto try_claim(std::int64_t n, barrier<Platform> const& gate) noexcept -> status {
    if (n > room_ - next() || n <= 0) [[unlikely]]
      if (auto const s = look_for_room(n, gate); s != status::ok) return s;
    return open_now();
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
    auto const s = open_now();
    got = s == status::ok ? n : 0;
    return s;
  }
  /// Free slots, looked for only if fewer than `n` are known; also of a ring that is closed, for events that its end counts.
  [[nodiscard]] auto room_by_now(std::int64_t n, barrier<Platform> const& gate) noexcept -> sequence {
    if (known_room() < n) static_cast<void>(look_for_room(n < capacity_.slots() ? n : capacity_.slots(), gate));
    return known_room();
  }
  /// The same as try_claim, but waits for room.
  /// Waits      as `look` says, until the slowest consumer has left n slots, the ring is closed, or the deadline.
  [[nodiscard]] MILLRACE_INLINE auto claim(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep,
                                           std::int64_t deadline = for_ever) -> status {
    if (n > room_ - next() || n <= 0) [[unlikely]]
      if (auto const s = wait_for_room(n, gate, look, sleep, deadline); s != status::ok) return s;
    return open_now();
  }
  [[nodiscard]] auto claim_up_to(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep,
                                 std::int64_t& got, std::int64_t deadline = for_ever) -> status {
    auto s = try_claim_up_to(n, gate, got);
    if (s != status::would_block) return s;
    s = wait_for_room(1, gate, look, sleep, deadline);
    return s == status::ok ? try_claim_up_to(n, gate, got) : s;
  }
  /// Makes `n` events visible, all of the claim or its first ones. `closed`: the ring was closed meanwhile, and they are not in the
  /// stream; nobody will look at them.
  /// Waits      only if the ring is just being closed, until the end is set.
  /// Orders     release: a consumer that sees them sees what was written.
  /// Costs      one store, and one load of a line that only sleepers write.
  MILLRACE_INLINE auto publish(std::int64_t n, sleepers<Platform> const& table) noexcept -> status { return publish_to(next() + n, table); }

  // The same for a producer that keeps next() and known_room() in registers: it may write up to its known room while the ring is
  // open, and looks for more room with the members above.

  [[nodiscard]] MILLRACE_INLINE auto open_now() noexcept -> status { return waiting_.is_closed() ? status::closed : status::ok; }
  /// Everything below `to` is published.
  MILLRACE_INLINE auto publish_to(sequence to, sleepers<Platform> const& table) noexcept -> status {
    published_.publish(to);
    return waiting_.notify(table) ? in_time(to) : status::ok;
  }

 private:
  [[gnu::noinline, nodiscard]] auto in_time(sequence to) const noexcept -> status;
  [[gnu::noinline, nodiscard]] auto up_to_the_end(sequence all) const noexcept -> sequence;
  [[nodiscard, gnu::noinline]] auto look_for_room(std::int64_t n, barrier<Platform> const& gate) noexcept -> status;
  [[nodiscard, gnu::noinline]] auto wait_for_room(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look,
                                                  event_count<Platform>& sleep, std::int64_t deadline) -> status;

  // Written by the producer, read by consumers. The mask has a line of its own: a producer that streams would wait for the line of
  // the cursor to come back whenever a consumer has looked, to read the mask behind each publish.
  alignas(cache_line_size) cursor<Platform, site::producer_publish, site::producer_published> published_;
  alignas(cache_line_size) waiters<Platform> waiting_;
  cursor<Platform, site::version_publish, site::version_read> end_{sequence_limit};
  // The producer's own.
  alignas(cache_line_size) sequence room_;  // sequences below this are known to be free
  capacity capacity_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/ring/single_producer.ipp>
#endif
