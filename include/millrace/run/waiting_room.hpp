// SPDX-License-Identifier: MIT
// Events that wait beside a full ring, when its producer neither waits nor gives the newest up: the newest of them, or one for each key.
//
// A slot of the ring cannot be taken back, consumers may be reading it. So what finds no room waits here, in order, and may still be
// dropped or replaced; and it goes into the ring as soon as there is room: the producer sees to that when it publishes, and the
// worker that has the first stage at each of its turns, so that nothing stays behind when the producer goes quiet. Both do it under one
// hold bit. The producer publishes straight into the ring while it knows that nothing waits here, which only it can change: then
// nobody else touches the sequencer, and the bit is not needed.
//
// Nobody calls the program's code under the bit but to compare two keys and to move events: an event is filled before, in a spare slot
// that is the producer's alone, and then changes its place by its number. So the bit is held for some moves at most.
//
// Who waits for whom: a worker that goes to sleep while something waits here sets its bit at the gate, and room wakes it. If something
// begins to wait when it has looked already, the producer wakes it as it does for events.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <millrace/base/capacity.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/ring/column.hpp>
#include <millrace/run/filling.hpp>
#include <millrace/run/waiting_keys.hpp>
#include <millrace/stage/overflow.hpp>
#include <millrace/stage/sharding.hpp>
#include <millrace/sync/lent.hpp>
#include <millrace/sync/tally.hpp>

namespace millrace {

template <typename Event, typename Full, typename Platform>
class waiting_room {
 public:
  static constexpr bool conflates = Full::does == when_full::conflate;
  static constexpr std::int64_t at_a_time = 64;  // events that a worker moves before the producer has its turn

  /// `usual` events may wait, unless the policy says how many.
  /// Throws     bad_capacity, std::bad_alloc; what the event's constructor throws.
  MILLRACE_COLD void open(Full&& full, capacity usual) {
    auto const most = full.most == 0 ? usual : capacity{full.most};
    most_ = most.slots();
    full_.reset(new Full(std::move(full)));
    values_.allocate(capacity{2 * static_cast<std::size_t>(most_)});  // those that wait, and as many for the producer to fill
    values_.construct();
    auto const n = static_cast<std::size_t>(most_);
    line_.reset(new std::size_t[n]());
    spare_.reset(new std::size_t[n]());
    free_.reset(new std::size_t[n]());
    hash_.reset(new std::uint64_t[conflates ? 2 * n : 1]());
    for (std::size_t i = 0; i < n; ++i) spare_[i] = i, free_[i] = n + i;
    frees_ = n;
    if constexpr (conflates) keys_.open(n);
  }

  // ---- any thread
  /// Events that wait now. Only a hint of what is to be done: who holds the room knows.
  [[nodiscard]] auto waiting() const noexcept -> std::int64_t { return waiting_.read(); }
  [[nodiscard]] auto dropped() const noexcept -> std::int64_t { return dropped_.read(); }
  [[nodiscard]] auto conflated() const noexcept -> std::int64_t { return conflated_.read(); }
  [[nodiscard]] auto most() const noexcept -> std::int64_t { return most_; }

  /// Holds the room. At no time two do.
  class visit {
   public:
    /// Waits      until whoever is in it has moved some events.
    explicit visit(waiting_room& r) noexcept : room_{&r} {
      while (!r.held_.lend()) Platform::yield();
    }
    /// Does not wait: see operator bool.
    visit(waiting_room& r, std::nullptr_t) noexcept : room_{r.held_.lend() ? &r : nullptr} {}
    visit(visit const&) = delete;
    auto operator=(visit const&) -> visit& = delete;
    ~visit() {
      if (room_ != nullptr) room_->held_.give_back();
    }
    [[nodiscard]] explicit operator bool() const noexcept { return room_ != nullptr; }

   private:
    waiting_room* room_;
  };

  // ---- the producer, who need not hold the room
  /// Fills `n` events that are to wait, `n` at most as many as may.
  /// Throws     what `fill` and the policy's key throw; nothing has changed then.
  template <typename Fill>
  void fill(Fill& fill) {
    millrace::fill_slot(values_, values_.data(), spare_[0], fill);
    note_key(0);
  }
  template <typename Fill>
  void fill(std::size_t n, Fill& fill) {
    for (std::size_t i = 0; i < n; ++i) millrace::fill_slot(values_, values_.data(), spare_[i], fill, i), note_key(i);
  }

  // ---- whoever holds it
  [[nodiscard]] auto size() const noexcept -> std::int64_t { return back_ - front_; }
  [[nodiscard]] auto closed() const noexcept -> bool { return closed_; }
  /// Nothing more is let in. What waits is part of the stream: `close(size())` sets the end behind it.
  template <typename Close>
  void close(Close close) noexcept {
    if (!std::exchange(closed_, true)) close(size());
  }
  /// The `n` events that the producer has filled wait now.
  void enter(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      if constexpr (conflates)
        if (auto const at = place_of(spare_[i]); at != waiting_keys::none) {
          std::swap(line_[place(at)], spare_[i]);
          conflated_.add(1);
          continue;
        }
      if (size() == most_) remove_first(), dropped_.add(1);
      line_[place(back_)] = spare_[i];
      if constexpr (conflates) keys_.add(hash_[spare_[i]], back_);
      ++back_;
      spare_[i] = free_[--frees_];
    }
    tell();
  }
  /// Moves what waits into the ring, at most `n` events, as far as there is room. Says how many.
  /// Throws     what moving an event throws: those before it are in the ring, it is still here.
  template <typename Ring>
  auto pour(Ring& ring, std::int64_t n = INT64_MAX) -> std::int64_t {
    if (size() == 0) return 0;
    if (size() < n) n = size();
    if (auto const room = ring.producer.room_by_now(n, ring.gate); room < n) n = room;
    struct published_in_any_case {
      waiting_room& from;
      Ring& ring;
      std::int64_t done = 0;
      ~published_in_any_case() {
        if (done != 0) static_cast<void>(ring.producer.publish(done, ring.table));
        from.tell();
      }
    } moved{*this, ring};
    for (auto const first = ring.producer.next(); moved.done != n; ++moved.done) {
      ring.events().put(ring.size.slot_of(first + moved.done), [&]() -> Event&& { return std::move(values_[line_[place(front_)]]); });
      remove_first();
    }
    return n;
  }

 private:
  [[nodiscard]] auto place(sequence at) const noexcept -> std::size_t { return static_cast<std::size_t>(at & (most_ - 1)); }
  void note_key([[maybe_unused]] std::size_t i) {
    if constexpr (conflates) hash_[spare_[i]] = hash_of<std::remove_cvref_t<decltype(key(0))>>(key(spare_[i]));
  }
  [[nodiscard]] auto key(std::size_t slot) const -> decltype(auto) { return millrace::call(std::as_const(full_->key_of), std::as_const(values_[slot])); }
  /// Where an event waits that has the key of this one.
  [[nodiscard]] auto place_of(std::size_t slot) const -> sequence {
    auto&& mine = key(slot);
    return keys_.find(hash_[slot], [&](sequence at) { return key(line_[place(at)]) == mine; });
  }
  void remove_first() noexcept {
    auto const slot = line_[place(front_)];
    if constexpr (conflates) keys_.remove(hash_[slot], front_);
    free_[frees_++] = slot;
    ++front_;
  }
  void tell() noexcept { waiting_.add(size() - waiting_.read()); }

  std::int64_t most_ = 0;
  owned<Full> full_;
  column<Event, lives_in_ring<Event>> values_;
  owned<std::size_t[]> line_;   // slots of those that wait, by their place
  owned<std::size_t[]> spare_;  // the producer's slots
  owned<std::size_t[]> free_;
  owned<std::uint64_t[]> hash_;   // of the key in a slot
  std::size_t frees_ = 0;
  sequence front_ = 0, back_ = 0;
  bool closed_ = false;
  waiting_keys keys_;
  lent<Platform> held_;
  tally<Platform> waiting_, dropped_, conflated_;
};

}  // namespace millrace
