// SPDX-License-Identifier: MIT
// The hand-written limit: one producer, one consumer, one release store per publish. The producer keeps a copy of the
// consumer's position, and fetches slots ahead for writing; the consumer takes all there is and backs off adaptively.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sched.h>
#include <vector>

#include "support/cpu.hpp"

namespace bench {

/// Waits between looks only while looks find a little (8 to 511 events): that is a producer that streams, and a longer
/// batch is cheaper for both sides. One event at a time, or none, never waits, so that a round trip stays short.
class adaptive_back_off {
 public:
  void found(std::int64_t events) noexcept {
    if (events >= 8 && events < 512) {
      pauses_ = pauses_ == 0 ? 4 : std::min(pauses_ * 2, 64);
      pauses(pauses_);
    } else if (events < 8) {
      pauses_ /= 2;
    }
  }

 private:
  int pauses_ = 0;
};

/// The shared half: slots, and a line for each side's position.
template <typename Slot>
class spsc_ring {
 public:
  explicit spsc_ring(std::int64_t capacity)
      : capacity_{capacity}, slots_{new Slot[static_cast<std::size_t>(capacity)]()} {}

  auto slots() noexcept -> Slot* { return slots_.get(); }
  auto capacity() const noexcept -> std::int64_t { return capacity_; }

  /// Called by the producer: events before this position may be read.
  void publish(std::int64_t position) noexcept {
    published_.store(position, std::memory_order::release);  // pairs with the acquire in published()
  }
  /// Called by the consumer.
  auto published() const noexcept -> std::int64_t {
    return published_.load(std::memory_order::acquire);  // pairs with the release in publish()
  }
  /// Called by the consumer: slots before this position may be reused.
  void release(std::int64_t position) noexcept {
    released_.store(position, std::memory_order::release);  // pairs with the acquire in released()
  }
  /// Called by the producer.
  auto released() const noexcept -> std::int64_t {
    return released_.load(std::memory_order::acquire);  // pairs with the release in release()
  }

 private:
  std::int64_t capacity_;
  std::unique_ptr<Slot[]> slots_;
  alignas(line) std::atomic<std::int64_t> published_{0};  // written by the producer
  alignas(line) std::atomic<std::int64_t> released_{0};   // written by the consumer
};

/// The producer's half, a local object of its thread: all of it lives in registers. `Ahead` slots are fetched for
/// writing, only within the room that is known to be free; 0: none.
template <typename Slot, std::int64_t Ahead = 0>
class spsc_producer {
 public:
  explicit spsc_producer(spsc_ring<Slot>& ring)
      : ring_{&ring}, slots_{ring.slots()}, mask_{ring.capacity() - 1}, free_until_{ring.capacity()} {}

  template <typename Fill>
  [[gnu::always_inline]] void publish(Fill&& fill) {
    if (next_ == free_until_) [[unlikely]]
      wait_for_room(1);
    fill(slots_[next_ & mask_]);
    if constexpr (Ahead > 0) {
      if (next_ % slots_per_line == 0) fetch(next_ + Ahead);
    }
    ring_->publish(++next_);
  }

  /// `fill(slot, index)` for n events, one release store.
  template <typename Fill>
  [[gnu::always_inline]] void publish(std::int64_t n, Fill&& fill) {
    if (next_ + n > free_until_) [[unlikely]]
      wait_for_room(n);
    for (std::int64_t done = 0; done < n;) {  // contiguous stretches, so that the inner loop has no mask
      auto const first = (next_ + done) & mask_;
      auto const stretch = std::min(n - done, mask_ + 1 - first);
      for (std::int64_t i = 0; i < stretch; ++i) fill(slots_[first + i], done + i);
      done += stretch;
    }
    if constexpr (Ahead > 0) {
      for (auto at = next_ + Ahead; at < next_ + Ahead + n; at += slots_per_line) fetch(at);
    }
    next_ += n;
    ring_->publish(next_);
  }

 private:
  static constexpr auto slots_per_line = std::max<std::int64_t>(1, line / static_cast<std::int64_t>(sizeof(Slot)));

  void fetch(std::int64_t position) noexcept {
    if (position < free_until_) prefetch_for_writing(&slots_[position & mask_]);
  }
  void wait_for_room(std::int64_t n) noexcept {
    while (next_ + n > (free_until_ = ring_->released() + mask_ + 1)) pause_once();
  }

  spsc_ring<Slot>* ring_;
  Slot* slots_;
  std::int64_t mask_;
  std::int64_t free_until_;
  std::int64_t next_ = 0;
};

/// Called by the consumer: handles the events of these positions.
template <typename Slot, typename Each>
[[gnu::always_inline]] inline void for_each(spsc_ring<Slot>& ring, std::int64_t from, std::int64_t to, Each&& handle) {
  while (from < to) {
    auto const first = from & (ring.capacity() - 1);
    auto const stretch = std::min(to - from, ring.capacity() - first);
    auto* const slots = ring.slots() + first;
    for (std::int64_t i = 0; i < stretch; ++i) handle(slots[i]);
    from += stretch;
  }
}

/// The whole consumer: until `events` have passed.
template <typename Slot, typename Each>
void consume(spsc_ring<Slot>& ring, std::int64_t events, Each&& handle) {
  adaptive_back_off back_off;
  for (std::int64_t at = 0; at < events;) {
    auto const ready = ring.published();
    auto const found = ready - at;
    if (found == 0) {
      back_off.found(0);
      pause_once();
      continue;
    }
    for_each(ring, at, ready, handle);
    ring.release(at = ready);
    back_off.found(found);
  }
}

/// The same of several rings, polled in turns. `rings`: pointers to them.
template <typename Rings, typename Each>
void consume_in_turns(Rings& rings, std::int64_t events, Each&& handle) {
  adaptive_back_off back_off;
  std::vector<std::int64_t> at(rings.size());
  for (auto left = events; left > 0;) {
    std::int64_t found = 0;
    for (std::size_t p = 0; p < rings.size(); ++p) {
      auto const to = rings[p]->published();
      if (to == at[p]) continue;
      for_each(*rings[p], at[p], to, handle);
      found += to - at[p];
      rings[p]->release(at[p] = to);
    }
    left -= found;
    back_off.found(found);
    if (found == 0) sched_yield();
  }
}

}  // namespace bench
