// SPDX-License-Identifier: MIT
// The LMAX Disruptor's algorithm (Thompson et al., Disruptor, 2011; version 4 of the Java library) in C++: padded
// sequences, a single-producer sequencer with a cached gating sequence, sequence barriers, wait strategies, and a batch
// event processor per stage. Handlers are inlined, which is kinder than the original.
#pragma once

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "support/cpu.hpp"

namespace bench::lmax {

/// A counter with a line to itself on either side.
class sequence {
 public:
  auto get() const noexcept -> std::int64_t { return value_.load(std::memory_order::acquire); }  // pairs with set()
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order::release); }     // pairs with get()
  /// Before the producer looks at the gating sequences: what it published is visible while it waits.
  void set_volatile(std::int64_t value) noexcept { value_.store(value, std::memory_order::seq_cst); }

 private:
  [[maybe_unused]] alignas(line) char before_[line]{};
  std::atomic<std::int64_t> value_{-1};
  [[maybe_unused]] char after_[2 * line - sizeof(std::int64_t)]{};
};

/// The least of several sequences.
template <std::size_t N>
class sequence_group {
 public:
  sequence_group() = default;
  sequence_group(sequence const& one) requires(N == 1) : of_{&one} {}
  explicit sequence_group(std::array<sequence const*, N> const& of) : of_{of} {}
  auto get() const noexcept -> std::int64_t {
    auto least = of_[0]->get();
    for (std::size_t i = 1; i < N; ++i) least = std::min(least, of_[i]->get());
    return least;
  }

 private:
  std::array<sequence const*, N> of_{};
};

struct yielding {
  template <std::size_t N>
  auto wait_for(std::int64_t wanted, sequence const&, sequence_group<N> const& dependent) -> std::int64_t {
    std::int64_t available = 0;
    for (int spins = 100; (available = dependent.get()) < wanted;) {
      if (spins == 0) {
        sched_yield();
      } else {
        --spins;
      }
    }
    return available;
  }
  void signal_all() noexcept {}
};

struct busy_spin {
  template <std::size_t N>
  auto wait_for(std::int64_t wanted, sequence const&, sequence_group<N> const& dependent) -> std::int64_t {
    std::int64_t available = 0;
    while ((available = dependent.get()) < wanted) pause_once();
    return available;
  }
  void signal_all() noexcept {}
};

/// Sleeps for the producer only; a stage behind another stage spins, as in the original.
class blocking {
 public:
  template <std::size_t N>
  auto wait_for(std::int64_t wanted, sequence const& cursor, sequence_group<N> const& dependent) -> std::int64_t {
    if (cursor.get() < wanted) {
      std::unique_lock guard{mutex_};
      while (cursor.get() < wanted) published_.wait(guard);
    }
    std::int64_t available = 0;
    while ((available = dependent.get()) < wanted) pause_once();
    return available;
  }
  void signal_all() {
    std::lock_guard const guard{mutex_};
    published_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable published_;
};

/// What the producer does while the ring is full. The original parks for a nanosecond, which the kernel rounds up to
/// about fifty microseconds.
struct full_parks {
  static void once() noexcept {
    timespec const moment{.tv_sec = 0, .tv_nsec = 1};
    nanosleep(&moment, nullptr);
  }
};
struct full_yields {
  static void once() noexcept { sched_yield(); }
};

template <typename Event, typename Wait, typename Full = full_yields, std::size_t Gates = 1>
class ring_buffer {
 public:
  explicit ring_buffer(std::int64_t size) : size_{size}, slots_{new Event[static_cast<std::size_t>(size)]()} {}

  void gate_by(sequence_group<Gates> const& last) noexcept { gating_ = last; }
  auto get(std::int64_t at) noexcept -> Event& { return slots_[static_cast<std::size_t>(at & (size_ - 1))]; }
  auto cursor() const noexcept -> sequence const& { return cursor_; }
  auto wait_strategy() noexcept -> Wait& { return wait_; }

  /// Claims n slots and returns the last.
  auto next(std::int64_t n = 1) -> std::int64_t {
    auto const last = next_ + n;
    auto const wrap = last - size_;
    if (wrap > cached_gating_) {
      cursor_.set_volatile(next_);
      while (wrap > (cached_gating_ = gating_.get())) Full::once();
    }
    return next_ = last;
  }
  void publish(std::int64_t last) {
    cursor_.set(last);
    wait_.signal_all();
  }

 private:
  std::int64_t size_;
  std::unique_ptr<Event[]> slots_;
  sequence_group<Gates> gating_;
  Wait wait_;
  sequence cursor_;
  alignas(line) std::int64_t next_ = -1;  // the producer's own
  std::int64_t cached_gating_ = -1;
};

/// Where a stage looks for events: the producer's cursor, or the stages before it.
template <typename Wait, std::size_t N = 1>
class sequence_barrier {
 public:
  sequence_barrier(Wait& wait, sequence const& cursor, sequence_group<N> const& dependent)
      : wait_{&wait}, cursor_{&cursor}, dependent_{dependent} {}
  auto wait_for(std::int64_t wanted) -> std::int64_t { return wait_->wait_for(wanted, *cursor_, dependent_); }

 private:
  Wait* wait_;
  sequence const* cursor_;
  sequence_group<N> dependent_;
};

/// The batch event processor's loop. It ends behind `last`, where the original is halted from outside.
template <typename Ring, typename Wait, std::size_t N, typename Handler>
void process(Ring& ring, sequence_barrier<Wait, N> barrier, sequence& own, Handler&& handler, std::int64_t last) {
  for (auto next = own.get() + 1; next <= last;) {
    auto const available = barrier.wait_for(next);
    for (; next <= available; ++next) handler(ring.get(next));
    own.set(available);
  }
}

}  // namespace bench::lmax
