// SPDX-License-Identifier: MIT
// Beside every cursor: a bit for each thread that sleeps until it moves. The advancer looks at the mask after each advance,
// at the price of one plain load; who wants to sleep pays for the barrier between the two.
//
//   advancer:  cursor.publish(s);  light barrier;  look at the mask
//   sleeper:   set my bit;         heavy barrier;  look at the cursor;  sleep
//
// One of the two sees the other (Dekker's argument). Where the machine has no asymmetric barrier, a bit of the mask says so,
// and both sides do a read-modify-write of it: the later of the two reads the earlier, and acquires what was written before.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <millrace/base/config.hpp>
#include <millrace/sync/cursor.hpp>
#include <millrace/sync/event_count.hpp>

namespace millrace {

/// Somebody who sleeps where no bit of this table stands for him, as a producer: the workers of another crew, coroutines.
struct sleeps_elsewhere {
  virtual void wake() noexcept = 0;
  virtual void alert() noexcept = 0;

 protected:
  ~sleeps_elsewhere() = default;
};

/// The event counts that the bits of a mask stand for.
template <typename Platform>
class sleepers {
 public:
  static constexpr std::size_t workers = 61;       // bits 0..60: the workers of the crew
  static constexpr std::size_t others = 61;        // bit 61: producers, and whoever waits for a flush or for the end
  static constexpr std::size_t most_elsewhere = 8;  // of them, who sleep elsewhere
  // Not sleepers:
  static constexpr std::uint64_t by_rmw = std::uint64_t{1} << 62;  // there is no asymmetric barrier: see waiters::look
  static constexpr std::uint64_t closed = std::uint64_t{1} << 63;  // see waiters::close

  void seat(std::size_t bit, event_count<Platform>& where) noexcept { at_[bit] = &where; }
  /// Who is to be woken with bit 61 too, and lives as long as this table. False: there are too many.
  /// Called by  one thread at a time, also while others wake. Who then sleeps sets that bit afterwards.
  auto seat(sleeps_elsewhere& who) noexcept -> bool {
    auto const n = count_.own();
    if (n == static_cast<sequence>(most_elsewhere)) return false;
    elsewhere_[static_cast<std::size_t>(n)] = &who;
    count_.publish(n + 1);
    return true;
  }
  [[nodiscard]] auto operator[](std::size_t bit) const noexcept -> event_count<Platform>& { return *at_[bit]; }
  void wake(std::uint64_t all) const noexcept;
  /// Wakes those of `mask`, also who is only going to sleep: for news that no cursor carries.
  void alert(std::uint64_t all) const noexcept;
  void alert_all() const noexcept { alert(~std::uint64_t{0}); }

 private:
  template <typename F>
  void each_elsewhere(F f) const noexcept {
    for (auto n = static_cast<std::size_t>(count_.published()), i = std::size_t{0}; i < n; ++i) f(*elsewhere_[i]);
  }
  std::array<event_count<Platform>*, workers + 1> at_{};
  std::array<sleeps_elsewhere*, most_elsewhere> elsewhere_{};
  cursor<Platform, site::version_publish, site::version_read> count_;
};

/// Who waits for one cursor.
template <typename Platform>
class waiters {
 public:
  /// Announces that `bit` is going to sleep. Followed by Platform::heavy_barrier() and a look at the cursor.
  void add(std::size_t bit) noexcept {
    mask_.fetch_or(std::uint64_t{1} << bit, Platform::template order<site::waiters_add>(std::memory_order::acq_rel));  // pairs with look()
  }
  /// The advancer's half, after the cursor was published: wakes who waits. True: it is closed, and nobody was woken.
  /// Costs      one load of a line that only sleepers write.
  MILLRACE_INLINE auto notify(sleepers<Platform> const& table) noexcept -> bool {
    if (look() != 0) [[unlikely]] return !wake(table);
    return false;
  }

  /// For news that no cursor carries: also who is only going to sleep hears of it.
  void alert(sleepers<Platform> const& table) noexcept { table.alert(clear()); }

  /// The same pair serves to close: see single_producer::close().
  void close() noexcept {
    mask_.fetch_or(sleepers<Platform>::closed, Platform::template order<site::waiters_close>(std::memory_order::acq_rel));  // pairs with look()
  }
  [[nodiscard]] MILLRACE_INLINE auto is_closed() noexcept -> bool { return look() != 0 && surely_closed(); }
  /// The bits as they are, for somebody who wants to know why nothing moves. Never a reason to sleep or to wake.
  [[nodiscard]] auto peek() const noexcept -> std::uint64_t {
    return mask_.load(std::memory_order::relaxed);  // a number to look at: orders nothing
  }

 private:
  // Not 0: somebody sleeps, or it is closed, or this machine must look again.
  [[nodiscard]] MILLRACE_INLINE auto look() noexcept -> std::uint64_t {
    Platform::light_barrier();
    return mask_.load(Platform::template order<site::waiters_look>(std::memory_order::relaxed));  // relaxed: ordered by the barrier, whose partner is the heavy one
  }
  [[nodiscard]] auto look_by_rmw() noexcept -> std::uint64_t {
    return mask_.fetch_or(0, Platform::template order<site::waiters_look>(std::memory_order::acq_rel));  // pairs with add() and close()
  }
  [[gnu::noinline]] auto surely_closed() noexcept -> bool { return (look_by_rmw() & sleepers<Platform>::closed) != 0; }
  [[gnu::noinline]] auto wake(sleepers<Platform> const& table) noexcept -> bool;
  /// Who is to be woken; none of them stays in the mask.
  [[nodiscard]] auto clear() noexcept -> std::uint64_t {
    constexpr auto stays = sleepers<Platform>::closed | sleepers<Platform>::by_rmw;
    if ((look_by_rmw() & ~stays) == 0) return 0;
    return mask_.fetch_and(stays, Platform::template order<site::waiters_clear>(std::memory_order::acq_rel));  // pairs with add()
  }

  typename Platform::template atomic<std::uint64_t> mask_{Platform::asymmetric() ? 0 : sleepers<Platform>::by_rmw};
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/sync/waiters.ipp>
#endif
