// SPDX-License-Identifier: MIT
// The producer's end: events are written in place, in slots that all stages have left.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

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
///            waiting could be for ever: on a worker of the same crew, and while the runner is paused.
/// Orders     everything written before a publish is visible to the handlers of that event.
/// Throws     what `fill` throws: then nothing is published, the claim is given back, and the handle can be used again.
///
/// `fill(event&)` writes into the slot, where the event of a lap ago still stands; or `fill()` returns the event. For n at once:
/// `fill(event&, i)` or `fill(i)` with i from 0. All n become visible together.
template <typename Engine, typename Platform>
class input {
 public:
  using event = typename Engine::event;

  input(input&& other) noexcept = default;
  auto operator=(input&& other) noexcept -> input& {
    if (this != &other) release(), to_ = std::move(other.to_), look_ = other.look_;
    return *this;
  }
  ~input() { release(); }

  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto publish(Fill&& fill) -> status { return one(std::forward<Fill>(fill), for_ever); }
  template <typename Fill>
  [[nodiscard]] auto publish(std::size_t n, Fill&& fill) -> status { return several(n, std::forward<Fill>(fill), for_ever); }

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
  explicit input(std::shared_ptr<Engine> to) : to_{std::move(to)}, look_{to_->wait()} {}

  static constexpr std::int64_t at_once = INT64_MIN;
  static constexpr auto prefetch_ahead = static_cast<sequence>(sizeof(event) >= 32 ? 64 : 256);

  static auto deadline(std::chrono::nanoseconds d) noexcept -> std::int64_t {
    auto const now = Platform::now();
    return d.count() > for_ever - now ? for_ever : d.count() <= 0 ? at_once : now + d.count();
  }
  void release() noexcept {
    if (to_ != nullptr) to_->take_input_back();
  }

  /// Gives the claim back if a fill throws.
  class claimed {
   public:
    explicit claimed(input& in) noexcept : in_{&in} {}
    claimed(claimed const&) = delete;
    auto operator=(claimed const&) -> claimed& = delete;
    MILLRACE_INLINE ~claimed() {
      if (in_ != nullptr) in_->to_->ring().producer.abandon(), in_->to_->producer_use().leave();
    }
    MILLRACE_INLINE void publish(std::int64_t n) noexcept {
      auto& ring = in_->to_->ring();
      ring.producer.publish_all(n, ring.table);
      std::exchange(in_, nullptr)->to_->producer_use().leave();
    }

   private:
    input* in_;
  };

  template <typename Fill>
  MILLRACE_INLINE auto one(Fill&& fill, std::int64_t until) -> status {
    if (to_ == nullptr) [[unlikely]] return status::closed;
    to_->producer_use().enter();
    auto& ring = to_->ring();
    auto s = ring.producer.try_claim(1, ring.gate);
    if (s == status::would_block) [[unlikely]] s = wait_for(1, until);
    if (s != status::ok) [[unlikely]] {
      to_->producer_use().leave();
      return s;
    }
    claimed claim{*this};
    Platform::template fault<fault_site::claim>();
    auto const q = ring.producer.next();
    write(ring, ring.size.slot_of(q), fill);
    fetch(ring, q, 1);
    claim.publish(1);
    return status::ok;
  }
  template <typename Fill>
  auto several(std::size_t n, Fill&& fill, std::int64_t until) -> status {
    if (to_ == nullptr) [[unlikely]] return status::closed;
    if (n > static_cast<std::size_t>(sequence_limit)) return status::refused;
    to_->producer_use().enter();
    auto& ring = to_->ring();
    auto const count = static_cast<std::int64_t>(n);
    auto s = ring.producer.try_claim(count, ring.gate);
    if (s == status::would_block) [[unlikely]] s = wait_for(count, until);
    if (s != status::ok) [[unlikely]] {
      to_->producer_use().leave();
      return s;
    }
    fill_and_publish(ring, count, fill);
    return status::ok;
  }
  template <typename Fill>
  auto up_to(std::size_t n, Fill&& fill, std::int64_t until) -> published {
    if (to_ == nullptr) return {status::closed, 0};
    to_->producer_use().enter();
    auto& ring = to_->ring();
    auto const most = n > static_cast<std::size_t>(sequence_limit) ? sequence_limit : static_cast<std::int64_t>(n);
    std::int64_t got = 0;
    auto s = ring.producer.try_claim_up_to(most, ring.gate, got);
    if (s == status::would_block) {
      s = wait_for(1, until);  // then one is claimed: claim again what there is by now
      if (s == status::ok) s = ring.producer.try_claim_up_to(most, ring.gate, got);
    }
    if (s != status::ok) {
      to_->producer_use().leave();
      return {s, 0};
    }
    fill_and_publish(ring, got, fill);
    return {status::ok, static_cast<std::size_t>(got)};
  }
  template <typename Ring, typename Fill>
  MILLRACE_INLINE void fill_and_publish(Ring& ring, std::int64_t n, Fill& fill) {
    claimed claim{*this};
    Platform::template fault<fault_site::claim>();
    auto const first = ring.producer.next();
    for (std::int64_t k = 0; k < n;) {  // contiguous stretches: no mask in the inner loop
      auto const slot = ring.size.slot_of(first + k);
      auto const left = ring.size.slots() - static_cast<std::int64_t>(slot);
      auto const stretch = n - k < left ? n - k : left;
      for (std::int64_t i = 0; i < stretch; ++i) write(ring, slot + static_cast<std::size_t>(i), fill, static_cast<std::size_t>(k + i));
      k += stretch;
    }
    fetch(ring, first, n);
    claim.publish(n);
  }
  template <typename Ring, typename Fill, typename... Index>
  MILLRACE_INLINE static void write(Ring& ring, std::size_t slot, Fill& fill, Index... i) {
    auto& events = get<0>(ring.slots.columns);
    if constexpr (std::is_invocable_v<Fill&, event&, Index...>) {
      if constexpr (!std::remove_cvref_t<decltype(events)>::resident) {
        static_assert(std::is_default_constructible_v<event>,
                      "this event has no default constructor, so there is none in the slot to be filled: publish with a function that returns the event");
        events.put(slot, [] { return event{}; });
      }
      fill(events[slot], i...);
    } else {
      static_assert(std::is_invocable_r_v<event, Fill&, Index...>,
                    "publish takes a function that fills an event, void(Event&), or returns one; for several at once with the index behind, void(Event&, std::size_t)");
      events.put(slot, [&]() -> decltype(auto) { return fill(i...); });
    }
  }
  /// Fetches slots for writing while others are being filled; never beyond the known room, that would take them from a stage.
  template <typename Ring>
  MILLRACE_INLINE static void fetch(Ring& ring, sequence from, std::int64_t n) noexcept {
    constexpr auto per_line = static_cast<std::int64_t>(sizeof(event) >= cache_line_size ? 1 : cache_line_size / sizeof(event));
    auto& events = get<0>(ring.slots.columns);
    auto const ahead = from + prefetch_ahead;
    if (ahead + n > from + ring.producer.known_room()) return;
    for (auto q = (ahead + per_line - 1) / per_line * per_line; q < ahead + n; q += per_line)
      __builtin_prefetch(&events[ring.size.slot_of(q)], 1);
  }

  [[gnu::noinline]] auto wait_for(std::int64_t n, std::int64_t until) -> status {
    if (until == at_once || to_->would_wait_for_itself()) return status::would_block;
    auto& ring = to_->ring();
    auto const begin = Platform::now();
    auto const s = ring.producer.claim(n, ring.gate, look_, ring.others, until);
    ring.blocked_ns.add(Platform::now() - begin);
    return s;
  }

  std::shared_ptr<Engine> to_;
  patience<Platform> look_;
};

}  // namespace millrace
