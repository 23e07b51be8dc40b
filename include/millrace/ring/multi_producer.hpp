// SPDX-License-Identifier: MIT
// The sequencer of a ring with many producers: each draws numbers, writes its slots and marks them, in its own time; the order
// of the numbers is the one order that all consumers see.
//
// Marks per slot after the multi producer sequencer of the LMAX Disruptor (Thompson, Farley, Barker, Gee, Stewart, 2011). Other
// than there a claim is exact: a compare and swap that looks at the room, where an unconditional add takes what is not there and
// can never give it back. And a claim can be given up: its slots become tombstones, which all stages pass over, so that a
// producer that fails holds nobody up.
#pragma once
#include <cstddef>
#include <cstdint>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/capacity.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/barrier.hpp>
#include <millrace/sync/claim_counter.hpp>
#include <millrace/sync/lap_marks.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

/// Claims and publishes sequences for many producers. Towards consumers as single_producer is, but that who reads says where it
/// stands, and asks which slots are dead.
template <typename Platform = std_platform>
class multi_producer {
 public:
  /// `first` is the number of the first event; not 0 only in tests of the end of the range.
  /// Throws     std::bad_alloc.
  explicit multi_producer(capacity size, sequence first = 0)
      : claims_{first}, capacity_{size}, marks_{size, first}, dead_{new std::uint8_t[slots()]()}, judged_{new std::uint8_t[slots()]()} {}

  // ---- any thread

  /// Who waits for events.
  [[nodiscard]] auto waiting() noexcept -> waiters<Platform>& { return waiting_; }
  [[nodiscard]] auto size() const noexcept -> capacity { return capacity_; }
  /// Something can be claimed, or there is something else to be told: it is closed.
  [[nodiscard]] auto would_answer(barrier<Platform> const& gate) noexcept -> bool { return claims_.next() - gate.reached() < capacity_.slots() || closed(); }
  /// Events in the stream so far, tombstones among them: up to the last one that is published. One before it may not be yet.
  [[nodiscard]] auto entered() const noexcept -> sequence {
    if (auto const e = end(); e != sequence_limit) return e;
    auto q = claims_.next();
    for (auto const lap = q - capacity_.slots(); q != lap && !marks_.reached(q - 1);) --q;
    return q;
  }
  /// Of these, claims that were given up, or came too late for the end: no stage has seen them. Exact when no producer is at work.
  [[nodiscard]] auto tombstones() const noexcept -> std::int64_t { return abandoned_.read() + late_.read(); }

  /// Ends the stream: nothing can be claimed from now on, and what is published by now is in the stream. Claims that are not are
  /// dead: nobody waits for a producer that may never come, and who comes all the same learns it. Wakes nobody.
  ///
  /// As in single_producer it costs the producers one look that they have anyway: they mark, then look at the closed bit; the closer
  /// sets the bit, passes a heavy barrier, then looks at the marks. A publish that it has not found sees the bit, and asks the
  /// verdict. A consumer that finds a mark which the closer has not sees the bit too, and keeps to the verdict.
  ///
  /// Called by  any thread, one at a time. A second call changes nothing.
  /// Costs      a look at each slot.
  void close() noexcept {
    if (end() != sequence_limit) return;
    waiting_.close();
    auto const end = claims_.close();
    Platform::heavy_barrier();  // pairs with the looks at the closed bit in publish() and readable()
    judge(end);
    end_.publish(end);
  }
  [[nodiscard]] auto closed() noexcept -> bool { return waiting_.is_closed(); }
  /// The first sequence that is not in the stream; sequence_limit until close().
  [[nodiscard]] auto end() const noexcept -> sequence { return end_.published(); }
  /// A consumer that has read everything below `from` may read up to here; not always all that is there.
  /// Orders     acquire: pairs with publish().
  /// Costs      a load for each event.
  [[nodiscard]] auto readable(sequence from) noexcept -> sequence {
    auto const all = marks_.ready(from, from + at_a_look);
    return waiting_.is_closed() ? up_to_the_end() : all;
  }
  /// A producer has claimed `from`; if it cannot be read yet, it is being written.
  [[nodiscard]] auto under_way(sequence from) const noexcept -> bool { return claims_.next() > from; }
  /// Per slot: not 0 if nothing was published there. For events that readable() has allowed, to be asked after it was.
  [[nodiscard]] auto dead() const noexcept -> std::uint8_t const* { return end() == sequence_limit ? dead_.get() : judged_.get(); }

  // ---- producers, any number of them at once

  /// Claims `n` sequences from `first` on, if `gate` leaves room for all of them. Each is published or abandoned, or holds up
  /// consumers until the ring is closed.
  /// Waits      never.
  /// Orders     acquire: the consumers' last use of the slots happens before the caller's writes.
  /// Costs      one read-modify-write; a look at the consumers only when the room that any producer knows of is used up.
  [[nodiscard]] MILLRACE_INLINE auto try_claim(std::int64_t n, barrier<Platform> const& gate, sequence& first) noexcept -> status {
    auto now = claims_.now();
    for (;;) {
      if (n > claims_.room() - now || n <= 0) [[unlikely]]  // so it is when it is closed
        if (auto const s = look_for_room(now, n, gate); s != status::ok) return s;
      first = now;
      if (claims_.take(now, n)) return status::ok;
    }
  }
  /// The same for as many as there is room for, at least one and at most `n`; says how many.
  [[nodiscard]] auto try_claim_up_to(std::int64_t n, barrier<Platform> const& gate, sequence& first, std::int64_t& got) noexcept -> status {
    got = 0;
    auto now = claims_.now();
    for (;;) {
      if (claims_.is_closed(now)) return status::closed;
      if (n <= 0 || now == sequence_limit) return status::refused;
      auto const most = n < capacity_.slots() ? n : capacity_.slots();
      auto room = claims_.room() - now;
      if (room < most) room = find_room(gate) - now;
      if (room <= 0) return status::would_block;
      auto const take = most < room ? most : room;
      first = now;
      if (claims_.take(now, take)) return got = take, status::ok;
    }
  }
  /// The same as try_claim, but waits for room. A large claim may wait long beside producers with small ones.
  /// Waits      as `look` says, until the slowest consumer has left n slots, the ring is closed, or the deadline.
  [[nodiscard]] auto claim(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep, sequence& first,
                           std::int64_t deadline = for_ever) -> status {
    return waiting_for_room(gate, look, sleep, deadline, [&] { return try_claim(n, gate, first); });
  }
  [[nodiscard]] auto claim_up_to(std::int64_t n, barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep, sequence& first,
                                 std::int64_t& got, std::int64_t deadline = for_ever) -> status {
    return waiting_for_room(gate, look, sleep, deadline, [&] { return try_claim_up_to(n, gate, first, got); });
  }
  /// Everything below `to` is free, as far as any producer has seen: a hint, for who wants to fetch it.
  [[nodiscard]] MILLRACE_INLINE auto known_free(sequence to) const noexcept -> bool { return to <= claims_.room(); }
  MILLRACE_INLINE void fetch_marks(sequence from, sequence to) const noexcept { marks_.fetch(from, to); }
  /// For somebody who is going to wait: there may be room for one.
  [[nodiscard]] auto has_room(barrier<Platform> const& gate) noexcept -> bool { return claims_.now() < find_room(gate); }
  /// Makes the `n` events of a claim visible, all at once. `closed`: the ring was closed meanwhile, and they are not in the stream;
  /// nobody will look at them.
  /// Called by  who has claimed them, once.
  /// Waits      only if the ring is just being closed, until the end is set.
  /// Orders     release: a consumer that sees them sees what was written.
  /// Costs      a store and a load for each event, and one load of a line that only sleepers write.
  MILLRACE_INLINE auto publish(sequence first, std::int64_t n, sleepers<Platform> const& table) noexcept -> status {
    for (auto q = first + n - 1; q > first; --q) revive(q), marks_.set(q, mark::follows);
    revive(first), marks_.set(first, mark::opens);
    return waiting_.notify(table) ? verdict(first) : status::ok;
  }
  /// Gives a claim up: all stages pass over it.
  void abandon(sequence first, std::int64_t n, sleepers<Platform> const& table) noexcept {
    abandoned_.add_shared(n);  // before it can be seen to have passed
    for (auto q = first + n - 1; q >= first; --q) dead_[capacity_.slot_of(q)] = tombstone, marks_.set(q, q == first ? mark::opens : mark::follows);
    if (waiting_.notify(table) && verdict(first) == status::closed && judged_[capacity_.slot_of(first)] == too_late) abandoned_.add_shared(-n);
  }

 private:
  using mark = typename lap_marks<Platform>::mark;
  static constexpr std::uint8_t tombstone = 1, too_late = 2;
  static constexpr sequence at_a_look = 1024;  // events; marks are looked at once each, so this bounds how long a look takes, no more

  [[nodiscard]] auto slots() const noexcept -> std::size_t { return static_cast<std::size_t>(capacity_.slots()); }
  /// A tombstone of the lap before stands until its slot is published again.
  MILLRACE_INLINE void revive(sequence q) noexcept {
    if (auto& d = dead_[capacity_.slot_of(q)]; d != 0) [[unlikely]] d = 0;
  }
  /// What of the last lap is in the stream. Marks of a claim are set last to first: if the first is there, all are.
  void judge(sequence end) noexcept {
    bool in_time = true;
    std::int64_t late = 0;
    for (auto q = end - capacity_.slots(); q != end; ++q) {
      auto const i = capacity_.slot_of(q);
      auto const m = marks_.at(q);
      in_time = m == mark::opens || (m == mark::follows && in_time);
      judged_[i] = in_time ? dead_[i] : too_late;
      late += in_time ? 0 : 1;
    }
    late_.add(late);
  }
  [[gnu::noinline]] auto verdict(sequence first) const noexcept -> status {
    while (end() == sequence_limit) Platform::yield();
    if (first < end() - capacity_.slots()) return status::ok;  // passed long ago: another event stands there
    return judged_[capacity_.slot_of(first)] == 0 ? status::ok : status::closed;
  }
  [[gnu::noinline, nodiscard]] auto up_to_the_end() const noexcept -> sequence {
    auto const e = end();
    return e == sequence_limit ? 0 : e;  // not yet set: nothing for now
  }
  [[nodiscard, gnu::noinline]] auto look_for_room(sequence now, std::int64_t n, barrier<Platform> const& gate) noexcept -> status {
    if (claims_.is_closed(now)) return status::closed;
    if (n <= 0 || n > capacity_.slots() || n > sequence_limit - now) return status::refused;
    return n <= find_room(gate) - now ? status::ok : status::would_block;
  }
  /// Sequences below are free. Kept for the others; not to be read there again, one of them may set it back.
  auto find_room(barrier<Platform> const& gate) noexcept -> sequence {
    auto const free_until = gate.reached() + capacity_.slots();
    auto const room = free_until < sequence_limit ? free_until : sequence_limit;
    if (room > claims_.room()) claims_.found_room(room);  // a line that all producers want is not written for nothing
    return room;
  }
  template <typename Try>
  auto waiting_for_room(barrier<Platform>& gate, patience<Platform>& look, event_count<Platform>& sleep, std::int64_t deadline, Try attempt) -> status {
    auto s = attempt();
    if (s != status::would_block) return s;
    wait_until<Platform>(
        look, sleep, deadline, [&] { return (s = attempt()) != status::would_block; }, [&] { gate.add_waiter(sleepers<Platform>::others); });
    return s;
  }

  // Written by producers.
  claim_counter<Platform> claims_;
  // Written by sleepers and who closes.
  alignas(cache_line_size) waiters<Platform> waiting_;
  cursor<Platform, site::version_publish, site::version_read> end_{sequence_limit};
  tally<Platform> late_;
  // Written once.
  capacity capacity_;
  lap_marks<Platform> marks_;
  owned<std::uint8_t[]> dead_;    // per slot, by who has claimed it
  owned<std::uint8_t[]> judged_;  // the same at the end, by who closes
  // Written by producers that fail.
  alignas(cache_line_size) tally<Platform> abandoned_;
};

}  // namespace millrace
