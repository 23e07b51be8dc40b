// SPDX-License-Identifier: MIT
// All ways to publish, the same for every kind of handle: one or several, waiting or not, by a function or by hand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <thread>  // std::chrono::nanoseconds, at half the price of <chrono>
#include <type_traits>
#include <utility>

#include <millrace/base/config.hpp>
#include <millrace/base/sequence.hpp>
#include <millrace/base/status.hpp>
#include <millrace/sync/patience.hpp>

namespace millrace {

/// Where a handle publishes: null if it was moved from.
template <typename Engine, typename Ring>
struct landing {
  Engine* engine;
  Ring* ring;
};

/// How many events a publish_up_to has published.
struct published {
  status what;
  std::size_t count;
};

/// Events that are claimed and not yet published: to be filled by hand, in their slots, where those of a lap ago still stand.
/// Dropped without publish() they are given up, and no stage sees them. Must not outlive its handle, which must not be moved
/// meanwhile; with one producer the handle is not to be used otherwise before.
///
/// Called by  the thread that uses the handle.
template <typename Input>
class [[nodiscard]] claimed_events {
 public:
  using event = typename Input::event;
  class iterator {
   public:
    using value_type = event;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    iterator(event* slots, sequence mask, sequence at) noexcept : slots_{slots}, mask_{mask}, at_{at} {}
    auto operator*() const noexcept -> event& { return slots_[at_ & mask_]; }
    auto operator->() const noexcept -> event* { return slots_ + (at_ & mask_); }
    auto operator++() noexcept -> iterator& { return ++at_, *this; }
    auto operator++(int) noexcept -> iterator { return {slots_, mask_, at_++}; }
    auto operator==(iterator const& other) const noexcept -> bool { return at_ == other.at_; }

   private:
    event* slots_ = nullptr;
    sequence mask_ = 0, at_ = 0;
  };

  claimed_events(claimed_events&& other) noexcept
      : from_{std::exchange(other.from_, nullptr)}, slots_{other.slots_}, mask_{other.mask_}, first_{other.first_}, n_{std::exchange(other.n_, 0)}, what_{other.what_} {}
  auto operator=(claimed_events&&) -> claimed_events& = delete;
  ~claimed_events() { abandon(); }

  /// There is something to fill and to publish.
  [[nodiscard]] explicit operator bool() const noexcept { return from_ != nullptr; }
  /// `ok`, or why there is nothing.
  [[nodiscard]] auto what() const noexcept -> status { return what_; }
  [[nodiscard]] auto size() const noexcept -> std::size_t { return static_cast<std::size_t>(n_); }
  [[nodiscard]] auto operator[](std::size_t i) const noexcept -> event& { return slots_[(first_ + static_cast<sequence>(i)) & mask_]; }
  [[nodiscard]] auto begin() const noexcept -> iterator { return {slots_, mask_, first_}; }
  [[nodiscard]] auto end() const noexcept -> iterator { return {slots_, mask_, first_ + n_}; }

  /// Makes all of them visible together. Answers as publishing with a function does; what the claim answered, if there is nothing.
  auto publish() noexcept -> status {
    if (auto* const from = std::exchange(from_, nullptr)) what_ = from->publish_claimed(first_, std::exchange(n_, 0));
    return what_;
  }
  /// Gives them up. The destructor does it too.
  void abandon() noexcept {
    if (auto* const from = std::exchange(from_, nullptr)) from->abandon_claimed(first_, std::exchange(n_, 0));
  }

 private:
  friend Input;
  claimed_events(status why) noexcept : what_{why} {}
  claimed_events(Input* from, event* slots, sequence mask, sequence first, std::int64_t n) noexcept : from_{from}, slots_{slots}, mask_{mask}, first_{first}, n_{n} {}

  Input* from_ = nullptr;
  event* slots_ = nullptr;
  sequence mask_ = 0, first_ = 0;
  std::int64_t n_ = 0;
  status what_ = status::ok;
};

/// What a handle offers, by what it must have: one(), several(), up_to() and claimed(), each with the time until which it may wait.
///
/// Waits      publish, claim: until all stages have left enough slots, as the runner's wait policy says. But `would_block` at once if
///            waiting could be for ever: on a worker of the same crew, and while the runner is paused.
/// Orders     everything written before a publish is visible to the handlers of that event.
/// Throws     what `fill` throws: then nothing is published, and the handle can be used again.
///
/// `fill(event&)` writes into the slot, where the event of a lap ago still stands; or `fill()` returns the event. For n at once:
/// `fill(event&, i)` or `fill(i)` with i from 0. All n become visible together.
///
/// `closed` says that nothing was published; if the runner ended during the call, `fill` may have been called all the same.
template <typename Self, typename Platform>
class publishing {
 public:
  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto publish(Fill&& fill) -> status { return self().one(std::forward<Fill>(fill), for_ever); }
  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto publish(std::size_t n, Fill&& fill) -> status { return self().several(n, std::forward<Fill>(fill), for_ever); }

  /// Never waits: `would_block` if there is no room now.
  template <typename Fill>
  [[nodiscard]] MILLRACE_INLINE auto try_publish(Fill&& fill) -> status { return self().one(std::forward<Fill>(fill), at_once); }
  template <typename Fill>
  [[nodiscard]] auto try_publish(std::size_t n, Fill&& fill) -> status { return self().several(n, std::forward<Fill>(fill), at_once); }

  /// Waits no longer than `d`: then `would_block`.
  template <typename Fill>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, Fill&& fill) -> status { return self().one(std::forward<Fill>(fill), deadline(d)); }
  template <typename Fill>
  [[nodiscard]] auto publish_for(std::chrono::nanoseconds d, std::size_t n, Fill&& fill) -> status {
    return self().several(n, std::forward<Fill>(fill), deadline(d));
  }

  /// As many as there is room for, at least one and at most n; waits only for the first.
  template <typename Fill>
  [[nodiscard]] auto publish_up_to(std::size_t n, Fill&& fill) -> published { return self().up_to(n, std::forward<Fill>(fill), for_ever); }
  template <typename Fill>
  [[nodiscard]] auto try_publish_up_to(std::size_t n, Fill&& fill) -> published { return self().up_to(n, std::forward<Fill>(fill), at_once); }

  /// Events to be filled by hand: `if (auto c = in.claim(n)) { for (auto& e : c) …; c.publish(); }`.
  auto claim(std::size_t n) -> claimed_events<Self> { return self().claimed(n, for_ever); }
  auto try_claim(std::size_t n) -> claimed_events<Self> { return self().claimed(n, at_once); }
  auto claim_for(std::chrono::nanoseconds d, std::size_t n) -> claimed_events<Self> { return self().claimed(n, deadline(d)); }

 protected:
  static constexpr std::int64_t at_once = INT64_MIN;
  /// For counts that no ring has room for: refused by the claim, without an overflow before.
  [[nodiscard]] static constexpr auto count(std::size_t n) noexcept -> std::int64_t {
    return n > static_cast<std::size_t>(sequence_limit) ? sequence_limit : static_cast<std::int64_t>(n);
  }

 private:
  MILLRACE_INLINE auto self() noexcept -> Self& { return static_cast<Self&>(*this); }
  static auto deadline(std::chrono::nanoseconds d) noexcept -> std::int64_t {
    auto const now = Platform::now();
    return d.count() > for_ever - now ? for_ever : d.count() <= 0 ? at_once : now + d.count();
  }
};

}  // namespace millrace
