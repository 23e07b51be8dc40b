// SPDX-License-Identifier: MIT
// The producer's end: events are written in place, in slots that all stages have left.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/status.hpp>
#include <millrace/run/engine.hpp>

namespace millrace {

/// How many events a publish_up_to has published.
struct published {
  status what;
  std::size_t count;
};

/// The one producer of a runner. Keeps the ring alive: after the runner's end publishing says `closed`.
///
/// Called by  one thread at a time; may be moved to another. Two at once are found in builds without NDEBUG.
/// Waits      publish: until all stages have left enough slots, as the runner's wait policy says. But `would_block` at once if
///            waiting could be for ever: on a worker of the same crew, also a thread of the program's own that was one last, and
///            while the runner is paused.
/// Orders     everything written before a publish is visible to the handlers of that event.
/// Throws     what `fill` throws: then nothing is published, and the handle can be used again; bad_call if there is no room in a
///            child made by fork(), where nobody makes any.
///
/// `closed` says that nothing was published; if the runner ended during the call, `fill` may have been called all the same.
///
/// `fill(event&)` writes into the slot, where the event of a lap ago still stands; or `fill()` returns the event. For n at once:
/// `fill(event&, i)` or `fill(i)` with i from 0. All n become visible together.
template <typename Engine, typename Platform>
class input {
 public:
  using event = typename Engine::event;

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

  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto publish(Fill&& fill) -> status { return one(std::forward<Fill>(fill), for_ever); }
  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto publish(std::size_t n, Fill&& fill) -> status { return several(n, std::forward<Fill>(fill), for_ever); }

  /// Never waits: `would_block` if there is no room now.
  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto try_publish(Fill&& fill) -> status { return one(std::forward<Fill>(fill), at_once); }
  template <typename Fill>
  [[nodiscard]] auto try_publish(std::size_t n, Fill&& fill) -> status { return several(n, std::forward<Fill>(fill), at_once); }

  /// Waits no longer than `d`: then `would_block`.
  template <typename Fill>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, Fill&& fill) -> status { return one(std::forward<Fill>(fill), deadline(d)); }
  template <typename Fill>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, std::size_t n, Fill&& fill) -> status {
    return several(n, std::forward<Fill>(fill), deadline(d));
  }

  /// As many as there is room for, at least one and at most n; waits only for the first.
  template <typename Fill>
  [[nodiscard]] auto publish_up_to(std::size_t n, Fill&& fill) -> published { return up_to(n, std::forward<Fill>(fill), for_ever); }
  template <typename Fill>
  [[nodiscard]] auto try_publish_up_to(std::size_t n, Fill&& fill) -> published { return up_to(n, std::forward<Fill>(fill), at_once); }

  /// The runner takes no more events.
  [[nodiscard]] auto closed() const noexcept -> bool { return to_ == nullptr || to_->ring().producer.closed(); }

 private:
  template <typename Pipeline, typename P>
  friend class runner;
  // What a publish needs is copied into the handle: where that is a local variable it lives in registers. So its address must
  // not get out, and all that is not inlined is a static member that takes values.
  MILLRACE_INLINE explicit input(std::shared_ptr<Engine> const& to)
      : to_{to}, ring_{&to->ring()}, events_{get<0>(ring_->slots.columns).data()}, mask_{ring_->size.mask()}, next_{ring_->producer.next()}, room_{next_ + ring_->producer.known_room()} {}

  using ring_type = typename Engine::ring_type;
  static constexpr std::int64_t at_once = INT64_MIN;

  static auto deadline(std::chrono::nanoseconds d) noexcept -> std::int64_t {
    auto const now = Platform::now();
    return d.count() > for_ever - now ? for_ever : d.count() <= 0 ? at_once : now + d.count();
  }
  void release() noexcept {
    if (to_ != nullptr) to_->take_input_back();
  }

  /// While the handle is used. A claim that is not published, because a fill throws, needs nothing to be given back.
  class in_use {
   public:
    MILLRACE_INLINE explicit in_use(Engine* to) noexcept : to_{to} {
      if constexpr (sole_use<Platform>::looks)
        if (to_ != nullptr) to_->producer_use().enter();
    }
    in_use(in_use const&) = delete;
    auto operator=(in_use const&) -> in_use& = delete;
    MILLRACE_INLINE ~in_use() {
      if constexpr (sole_use<Platform>::looks)
        if (to_ != nullptr) to_->producer_use().leave();
    }

   private:
    Engine* to_;
  };

  template <typename Fill>
  MILLRACE_INLINE auto one(Fill&& fill, std::int64_t until) -> status {
    in_use const guard{to_.get()};
    if (auto const s = claim(1, until); s != status::ok) [[unlikely]] return s;
    Platform::template fault<fault_site::claim>();
    write(slot_of(next_), fill);
    fetch(1);
    return publish_claimed(1);
  }
  template <typename Fill>
  MILLRACE_INLINE auto several(std::size_t n, Fill&& fill, std::int64_t until) -> status {
    if (n > static_cast<std::size_t>(sequence_limit)) [[unlikely]] return status::refused;
    in_use const guard{to_.get()};
    if (auto const s = claim(static_cast<std::int64_t>(n), until); s != status::ok) [[unlikely]] return s;
    return fill_and_publish(static_cast<std::int64_t>(n), fill);
  }
  template <typename Fill>
  auto up_to(std::size_t n, Fill&& fill, std::int64_t until) -> published {
    if (to_ == nullptr) return {status::closed, 0};
    in_use const guard{to_.get()};
    auto const most = n > static_cast<std::size_t>(sequence_limit) ? sequence_limit : static_cast<std::int64_t>(n);
    std::int64_t got = 0;
    auto s = ring_->producer.try_claim_up_to(most, ring_->gate, got);
    if (s == status::would_block) {
      s = wait_for(*to_, 1, until);  // then there is room for one: claim again what there is by now
      if (s == status::ok) s = ring_->producer.try_claim_up_to(most, ring_->gate, got);
    }
    room_ = next_ + ring_->producer.known_room();
    if (s == status::ok) s = fill_and_publish(got, fill);
    return {s, s == status::ok ? static_cast<std::size_t>(got) : 0};
  }
  MILLRACE_INLINE auto claim(std::int64_t n, std::int64_t until) -> status {
    if (n <= room_ - next_ && n > 0) [[likely]] return ring_->producer.open_now();
    if (to_ == nullptr) return status::closed;  // moved from: it knows of no room
    auto const s = claim_slowly(*to_, n, until);
    room_ = next_ + ring_->producer.known_room();
    return s;
  }
  template <typename Fill>
  MILLRACE_INLINE auto fill_and_publish(std::int64_t n, Fill& fill) -> status {
    Platform::template fault<fault_site::claim>();
    for (std::int64_t k = 0; k < n;) {  // contiguous stretches: no mask in the inner loop
      auto const slot = slot_of(next_ + k);
      auto const left = mask_ + 1 - static_cast<sequence>(slot);
      auto const stretch = n - k < left ? n - k : left;
      for (std::int64_t i = 0; i < stretch; ++i) write(slot + static_cast<std::size_t>(i), fill, static_cast<std::size_t>(k + i));
      k += stretch;
    }
    fetch(n);
    return publish_claimed(n);
  }
  MILLRACE_INLINE auto publish_claimed(std::int64_t n) noexcept -> status {
    next_ += n;
    return ring_->producer.publish_to(next_, ring_->table);
  }
  [[nodiscard]] MILLRACE_INLINE auto slot_of(sequence s) const noexcept -> std::size_t { return static_cast<std::size_t>(s & mask_); }
  template <typename Fill, typename... Index>
  MILLRACE_INLINE void write(std::size_t slot, Fill& fill, Index... i) {
    auto& events = get<0>(ring_->slots.columns);
    if constexpr (std::is_invocable_v<Fill&, event&, Index...>) {
      if constexpr (!std::remove_cvref_t<decltype(events)>::resident) {
        static_assert(std::is_default_constructible_v<event>,
                      "this event has no default constructor, so there is none in the slot to be filled: publish with a function that returns the event");
        events.put(slot, [] { return event{}; });
      }
      fill(events_[slot], i...);
    } else {
      static_assert(std::is_invocable_r_v<event, Fill&, Index...>,
                    "publish takes a function that fills an event, void(Event&), or returns one; for several at once with the index behind, void(Event&, std::size_t)");
      events.put(slot, [&]() -> decltype(auto) { return fill(i...); });
    }
  }
  /// Fetches slots for writing while others are being filled; never beyond the known room, that would take them from a stage.
  MILLRACE_INLINE void fetch(std::int64_t n) noexcept {
    constexpr auto per_line = static_cast<std::int64_t>(sizeof(event) >= cache_line_size ? 1 : cache_line_size / sizeof(event));
    constexpr auto ahead = static_cast<sequence>(sizeof(event) >= 32 ? 128 : 256);
    if (n == 1 && next_ % per_line != 0) return;
    auto const first = next_ + ahead;
    if (first + n > room_) return;
    for (auto q = first; q < first + n; q += per_line) __builtin_prefetch(events_ + slot_of(q), 1);
  }

  [[gnu::noinline]] static auto claim_slowly(Engine& to, std::int64_t n, std::int64_t until) -> status {
    auto const s = to.ring().producer.try_claim(n, to.ring().gate);
    return s == status::would_block ? wait_for(to, n, until) : s;
  }
  static auto wait_for(Engine& to, std::int64_t n, std::int64_t until) -> status {
    to.refuse_elsewhere();
    if (until == at_once || to.would_wait_for_itself()) return status::would_block;
    auto& ring = to.ring();
    auto const begin = Platform::now();
    auto const s = ring.producer.claim(n, ring.gate, ring.producer_look, ring.others, until);
    ring.blocked_ns.add(Platform::now() - begin);
    return s;
  }

  std::shared_ptr<Engine> to_;
  ring_type* ring_ = nullptr;
  event* events_ = nullptr;
  sequence mask_ = 0, next_ = 0, room_ = 0;  // room_: slots below this are known to be free
};

}  // namespace millrace
