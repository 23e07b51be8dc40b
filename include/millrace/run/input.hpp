// SPDX-License-Identifier: MIT
// The producer's end: events are written in place, in slots that all stages have left.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <millrace/base/cache_line.hpp>
#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/ring/column.hpp>
#include <millrace/run/co_owner.hpp>
#include <millrace/run/filling.hpp>
#include <millrace/run/publishing.hpp>
#include <millrace/sync/relax.hpp>
#include <millrace/sync/sole_use.hpp>

namespace millrace {

/// The one producer of a ring. Keeps it alive: after the runner's end publishing says `closed`.
///
/// Called by  one thread at a time; may be moved to another. Two at once are found in builds without NDEBUG.
template <typename Engine, typename Ring, typename Platform>
class input : public publishing<input<Engine, Ring, Platform>, Platform> {
  using forms = publishing<input, Platform>;
  friend forms;
  using claim_type = claimed_events<input>;
  friend claim_type;

 public:
  using event = typename Ring::event;

  /// One producer, one handle.
  input(input const&) : forms{} { cannot_be_copied(); }
  auto operator=(input const&) -> input& { return cannot_be_copied(), *this; }
  input(input&& other) noexcept { *this = std::move(other); }
  auto operator=(input&& other) noexcept -> input& {
    if (this == &other) return *this;
    release();
    to_ = std::move(other.to_);
    ring_ = other.ring_, events_ = other.events_, mask_ = other.mask_, next_ = other.next_, room_ = other.room_;
    other.room_ = other.next_;  // the moved-from one says `closed`
    return *this;
  }
  MILLRACE_INLINE ~input() { release(); }

  /// The runner takes no more events.
  [[nodiscard]] auto closed() const noexcept -> bool { return !to_ || ring_->producer.closed(); }

 private:
  template <typename Pipeline, typename P>
  friend class runner;
  template <typename Input>
  friend class sender;
  template <typename E, typename R, typename P>
  friend class overflow_input;
  template <typename Input, typename Desk>
  friend class replying_input;
  // What a publish needs is copied into the handle: where that is a local variable it lives in registers. So its address must
  // not get out, and all that is not inlined is a static member that takes values.
  MILLRACE_INLINE input(std::shared_ptr<Engine> const& to, Ring& ring)
      : to_{to}, ring_{&ring}, events_{ring.events().data()}, mask_{ring.size.mask()}, next_{ring.producer.next()}, room_{next_ + ring.producer.known_room()} {}

  using forms::at_once, forms::count;

  static constexpr void cannot_be_copied() {
    static_assert(std::is_void_v<Engine>, "one producer, one handle: it can be moved but not copied; write mr::from<Event>(mr::many_producers) for handles that are copied, one for each thread");
  }

  [[nodiscard]] auto place() const noexcept -> landing<Engine, Ring> { return {to_.get(), ring_}; }
  /// Somebody else has published, who had the right to.
  void look_again() noexcept { next_ = ring_->producer.next(), room_ = next_ + ring_->producer.known_room(); }

  void release() noexcept {
    if (to_) ring_->lent_input.give_back();
  }

  /// While the handle is used. A claim that is not published, because a fill throws, needs nothing to be given back.
  class in_use {
   public:
    MILLRACE_INLINE explicit in_use(Ring* ring) noexcept : ring_{ring} {
      if constexpr (sole_use<Platform>::looks)
        if (ring_ != nullptr) ring_->producer_use.enter();
    }
    in_use(in_use const&) = delete;
    auto operator=(in_use const&) -> in_use& = delete;
    MILLRACE_INLINE ~in_use() {
      if constexpr (sole_use<Platform>::looks)
        if (ring_ != nullptr) ring_->producer_use.leave();
    }

   private:
    Ring* ring_;
  };
  MILLRACE_INLINE auto used() const noexcept -> Ring* { return to_ ? ring_ : nullptr; }

  /// `mark(slot)` is called when the event is filled, before it is published.
  template <typename Fill, typename Mark = no_mark>
  MILLRACE_INLINE auto one(Fill&& fill, std::int64_t until, Mark mark = {}) -> status {
    in_use const guard{used()};
    if (auto const s = find_room(1, until); s != status::ok) [[unlikely]] return s;
    Platform::template fault<fault_site::claim>();
    millrace::fill_slot(ring_->events(), events_, slot_of(next_), fill);
    mark(slot_of(next_));
    fetch(1);
    return publish_next(1);
  }
  template <typename Fill>
  MILLRACE_INLINE auto several(std::size_t n, Fill&& fill, std::int64_t until) -> status {
    if (n > static_cast<std::size_t>(sequence_limit)) [[unlikely]] return status::refused;
    in_use const guard{used()};
    if (auto const s = find_room(static_cast<std::int64_t>(n), until); s != status::ok) [[unlikely]] return s;
    return fill_and_publish(static_cast<std::int64_t>(n), fill);
  }
  template <typename Fill>
  auto up_to(std::size_t n, Fill&& fill, std::int64_t until) -> published {
    if (!to_) return {status::closed, 0};
    in_use const guard{used()};
    auto const most = count(n);
    std::int64_t got = 0;
    auto s = ring_->producer.try_claim_up_to(most, ring_->gate, got);
    if (s == status::would_block) {
      s = wait_for(*to_, *ring_, 1, until);  // then there is room for one: claim again what there is by now
      if (s == status::ok) s = ring_->producer.try_claim_up_to(most, ring_->gate, got);
    }
    room_ = next_ + ring_->producer.known_room();
    if (s == status::ok) s = fill_and_publish(got, fill);
    return {s, s == status::ok ? static_cast<std::size_t>(got) : 0};
  }
  auto claimed(std::size_t n, std::int64_t until) -> claim_type {
    static_assert(lives_in_ring<event>, "a claim hands out events that stand in their slots, and this type is made anew for each: publish with a function that returns the event");
    if constexpr (sole_use<Platform>::looks)
      if (used() != nullptr) ring_->producer_use.enter();
    auto const s = find_room(count(n), until);
    if (s == status::ok) return {this, events_, mask_, next_, count(n)};
    finish_claim();
    return s;
  }
  auto publish_claimed(sequence first, std::int64_t n) noexcept -> status {
    finish_claim();
    if (!to_) return status::closed;
    if (first != next_) return status::refused;  // something else was published meanwhile
    return publish_next(n);
  }
  void abandon_claimed(sequence, std::int64_t) noexcept { finish_claim(); }
  void finish_claim() noexcept {
    if constexpr (sole_use<Platform>::looks)
      if (used() != nullptr) ring_->producer_use.leave();
  }

  MILLRACE_INLINE auto find_room(std::int64_t n, std::int64_t until) -> status {
    if (n <= room_ - next_ && n > 0) [[likely]] return ring_->producer.open_now();
    if (!to_) return status::closed;  // moved from: it knows of no room
    auto const s = claim_slowly(*to_, *ring_, n, until);
    room_ = next_ + ring_->producer.known_room();
    return s;
  }
  template <typename Fill>
  MILLRACE_INLINE auto fill_and_publish(std::int64_t n, Fill& fill) -> status {
    Platform::template fault<fault_site::claim>();
    millrace::fill_slots(ring_->events(), events_, next_, n, mask_, fill);
    fetch(n);
    return publish_next(n);
  }
  MILLRACE_INLINE auto publish_next(std::int64_t n) noexcept -> status {
    next_ += n;
    return ring_->producer.publish_to(next_, ring_->table);
  }
  [[nodiscard]] MILLRACE_INLINE auto slot_of(sequence s) const noexcept -> std::size_t { return static_cast<std::size_t>(s & mask_); }
  /// Fetches slots for writing while others are being filled; never beyond the known room, that would take them from a stage.
  MILLRACE_INLINE void fetch(std::int64_t n) noexcept {
    constexpr auto per_line = static_cast<std::int64_t>(sizeof(event) >= cache_line_size ? 1 : cache_line_size / sizeof(event));
    constexpr auto ahead = static_cast<sequence>(sizeof(event) >= 16 ? 128 : 256);  // 128 of 16 bytes: as fast as 256, or up to 4 % faster
    if (n == 1 && next_ % per_line != 0) return;
    auto const first = next_ + ahead;
    if (first + n > room_) return;
    for (auto q = first; q < first + n; q += per_line) fetch_for_writing(events_ + slot_of(q));
  }

  [[gnu::noinline]] static auto claim_slowly(Engine& to, Ring& ring, std::int64_t n, std::int64_t until) -> status {
    auto const s = ring.producer.try_claim(n, ring.gate);
    return s == status::would_block ? wait_for(to, ring, n, until) : s;
  }
  static auto wait_for(Engine& to, Ring& ring, std::int64_t n, std::int64_t until) -> status {
    to.refuse_elsewhere();
    if constexpr (decltype(Ring::overflow)::answers) return ring.overflow.turn_away(n);
    if (until == at_once || to.would_wait_for_itself()) return status::would_block;
    auto const in_line = to.wait_in_line();
    if (!in_line) return status::would_block;
    auto const begin = Platform::now();
    auto const s = ring.producer.claim(n, ring.gate, ring.producer_look, ring.others, until);
    ring.blocked_ns.add(Platform::now() - begin);
    return s;
  }

  co_owner<Engine> to_;
  Ring* ring_ = nullptr;
  event* events_ = nullptr;
  sequence mask_ = 0, next_ = 0, room_ = 0;  // room_: slots below this are known to be free
};

}  // namespace millrace
