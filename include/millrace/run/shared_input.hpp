// SPDX-License-Identifier: MIT
// The end of one of many producers: all publish into one ring, and all stages see one order.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/ring/column.hpp>
#include <millrace/run/filling.hpp>
#include <millrace/run/publishing.hpp>
#include <millrace/sync/patience.hpp>
#include <millrace/sync/relax.hpp>
#include <millrace/sync/sole_use.hpp>

namespace millrace {

/// A producer of a ring that has many: copy it, one for each thread. Keeps the ring alive: after the runner's end publishing says
/// `closed`. An event whose `fill` throws, and a claim that is given up, leaves a tombstone: it has its place in the order, and
/// all stages pass over it.
///
/// Called by  one thread at a time, each copy.
template <typename Engine, typename Ring, typename Platform>
class shared_input : public publishing<shared_input<Engine, Ring, Platform>, Platform> {
  using forms = publishing<shared_input, Platform>;
  friend forms;
  using claim_type = claimed_events<shared_input>;
  friend claim_type;

 public:
  using event = typename Ring::event;

  shared_input(shared_input const& other) noexcept : forms{}, to_{other.to_}, ring_{other.ring_}, events_{other.events_}, mask_{other.mask_}, look_{other.look_} {}
  shared_input(shared_input&& other) noexcept : to_{std::move(other.to_)}, ring_{other.ring_}, events_{other.events_}, mask_{other.mask_}, look_{other.look_} {}
  auto operator=(shared_input other) noexcept -> shared_input& {
    to_ = std::move(other.to_);
    ring_ = other.ring_, events_ = other.events_, mask_ = other.mask_;
    look_ = other.look_;
    return *this;
  }
  ~shared_input() = default;

  /// The runner takes no more events.
  [[nodiscard]] auto closed() const noexcept -> bool { return to_ == nullptr || ring_->producer.closed(); }

 private:
  template <typename Pipeline, typename P>
  friend class runner;
  template <typename Input>
  friend class sender;
  template <typename Input, typename Desk>
  friend class replying_input;
  shared_input(std::shared_ptr<Engine> const& to, Ring& ring) : to_{to}, ring_{&ring}, events_{ring.events().data()}, mask_{ring.size.mask()}, look_{to->wait()} {}

  using forms::at_once, forms::count;

  [[nodiscard]] auto place() const noexcept -> landing<Engine, Ring> { return {to_.get(), ring_}; }

  class in_use {
   public:
    MILLRACE_INLINE explicit in_use(sole_use<Platform>& use) noexcept : use_{use} { use_.enter(); }
    in_use(in_use const&) = delete;
    auto operator=(in_use const&) -> in_use& = delete;
    MILLRACE_INLINE ~in_use() { use_.leave(); }

   private:
    sole_use<Platform>& use_;
  };
  /// A claim until it is published.
  class claim_under_way {
   public:
    MILLRACE_INLINE claim_under_way(Ring& ring, sequence first, std::int64_t n) noexcept : ring_{ring}, first_{first}, n_{n} {}
    claim_under_way(claim_under_way const&) = delete;
    auto operator=(claim_under_way const&) -> claim_under_way& = delete;
    MILLRACE_INLINE ~claim_under_way() {
      if (n_ != 0) [[unlikely]] ring_.producer.abandon(first_, n_, ring_.table);
    }
    MILLRACE_INLINE auto publish() noexcept -> status { return ring_.producer.publish(first_, std::exchange(n_, 0), ring_.table); }

   private:
    Ring& ring_;
    sequence first_;
    std::int64_t n_;
  };

  /// `mark(slot)` is called when the event is filled, before it is published.
  template <typename Fill, typename Mark = no_mark>
  MILLRACE_INLINE auto one(Fill&& fill, std::int64_t until, Mark mark = {}) -> status {
    in_use const guard{use_};
    sequence first = 0;
    if (auto const s = find_room(1, until, first); s != status::ok) [[unlikely]] return s;
    claim_under_way mine{*ring_, first, 1};
    Platform::template fault<fault_site::claim>();
    millrace::fill_slot(ring_->events(), events_, static_cast<std::size_t>(first & mask_), fill);
    mark(static_cast<std::size_t>(first & mask_));
    fetch_behind(first, 1);
    return mine.publish();
  }
  template <typename Fill>
  MILLRACE_INLINE auto several(std::size_t n, Fill&& fill, std::int64_t until) -> status {
    in_use const guard{use_};
    sequence first = 0;
    if (auto const s = find_room(count(n), until, first); s != status::ok) [[unlikely]] return s;
    return fill_and_publish(first, count(n), fill);
  }
  template <typename Fill>
  auto up_to(std::size_t n, Fill&& fill, std::int64_t until) -> published {
    if (to_ == nullptr) return {status::closed, 0};
    in_use const guard{use_};
    sequence first = 0;
    std::int64_t got = 0;
    auto s = ring_->producer.try_claim_up_to(count(n), ring_->gate, first, got);
    if (s == status::would_block) s = wait_for(1, until, [&] { return ring_->producer.claim_up_to(count(n), ring_->gate, look_, ring_->others, first, got, until); });
    if (s == status::ok) s = fill_and_publish(first, got, fill);
    return {s, s == status::ok ? static_cast<std::size_t>(got) : 0};
  }
  auto claimed(std::size_t n, std::int64_t until) -> claim_type {
    static_assert(lives_in_ring<event>, "a claim hands out events that stand in their slots, and this type is made anew for each: publish with a function that returns the event");
    in_use const guard{use_};
    sequence first = 0;
    if (auto const s = find_room(count(n), until, first); s != status::ok) return s;
    return {this, events_, mask_, first, count(n)};
  }
  auto publish_claimed(sequence first, std::int64_t n) noexcept -> status { return claim_under_way{*ring_, first, n}.publish(); }
  void abandon_claimed(sequence first, std::int64_t n) noexcept { claim_under_way const dropped{*ring_, first, n}; }

  template <typename Fill>
  MILLRACE_INLINE auto fill_and_publish(sequence first, std::int64_t n, Fill& fill) -> status {
    claim_under_way mine{*ring_, first, n};
    Platform::template fault<fault_site::claim>();
    millrace::fill_slots(ring_->events(), events_, first, n, mask_, fill);
    fetch_behind(first, n);
    return mine.publish();
  }
  /// Fetches for writing what will be claimed next, as long as it is known to be free. A claim is a read-modify-write, and waits until the last event and its mark
  /// have been written: so a line that must come from the consumer's core first is waited for, each time. Not far ahead, as one producer may: a
  /// consumer that reads in line has its core fetch some twenty lines more, which takes those away again that were fetched earlier.
  MILLRACE_INLINE void fetch_behind(sequence first, std::int64_t n) noexcept {
    constexpr auto per_line = static_cast<sequence>(sizeof(event) >= cache_line_size ? 1 : cache_line_size / sizeof(event));
    constexpr sequence ahead = 16;
    if (n == 1 && first % per_line != 0) return;
    auto const from = first + (n < ahead ? ahead : n), to = first + n + ahead;
    if (!ring_->producer.known_free(to)) return;
    for (auto q = from; q < to; q += per_line) fetch_for_writing(events_ + (q & mask_));
    ring_->producer.fetch_marks(from, to);
  }
  MILLRACE_INLINE auto find_room(std::int64_t n, std::int64_t until, sequence& first) -> status {
    if (to_ == nullptr) [[unlikely]] return status::closed;
    auto const s = ring_->producer.try_claim(n, ring_->gate, first);
    if (s != status::would_block) [[likely]] return s;
    return wait_for(n, until, [&] { return ring_->producer.claim(n, ring_->gate, look_, ring_->others, first, until); });
  }
  template <typename Claim>
  [[gnu::noinline]] auto wait_for([[maybe_unused]] std::int64_t n, std::int64_t until, Claim claim) -> status {
    to_->refuse_elsewhere();
    if constexpr (decltype(Ring::overflow)::answers) return ring_->overflow.turn_away(n);
    if (until == at_once || to_->would_wait_for_itself()) return status::would_block;
    auto const in_line = to_->wait_in_line();
    if (!in_line) return status::would_block;
    auto const begin = Platform::now();
    auto const s = claim();
    ring_->blocked_ns.add_shared(Platform::now() - begin);
    return s;
  }

  std::shared_ptr<Engine> to_;
  Ring* ring_;
  event* events_;
  sequence mask_;
  patience<Platform> look_;
  [[no_unique_address]] sole_use<Platform> use_;
};

}  // namespace millrace
