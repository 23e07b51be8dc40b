// SPDX-License-Identifier: MIT
// The seam between the library and the machine. Atomics, shared plain data, threads, clock, sleeping: everything that crosses
// threads is reached through a `Platform` template parameter. This is its default, and it costs nothing; the tests supply one
// whose every access is a scheduling point (tests/model).
#pragma once
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

#include <millrace/sync/fork.hpp>
#include <millrace/sync/futex.hpp>
#include <millrace/sync/relax.hpp>
#include <millrace/sync/site.hpp>

namespace millrace {

/// Plain data that several threads touch, one at a time. The simulated platform checks that it is so.
template <typename T>
class plain_cell {
 public:
  constexpr plain_cell() = default;
  constexpr explicit plain_cell(T v) : value_{std::move(v)} {}
  [[nodiscard]] constexpr auto read() const noexcept -> T const& { return value_; }
  constexpr auto write() noexcept -> T& { return value_; }

 private:
  T value_{};
};

template <typename T>
class boost_mailbox;  // sync/mailbox.hpp

/// The machine as it is.
struct std_platform {
  template <typename T>
  using atomic = std::atomic<T>;
  template <typename T>
  using cell = plain_cell<T>;
  template <typename T>
  using mailbox = boost_mailbox<T>;
  using mutex = std::mutex;
  using thread = std::thread;

  /// The order that stands at a site; the simulated platform may weaken it.
  template <site>
  static consteval auto order(std::memory_order o) noexcept -> std::memory_order { return o; }
  /// A place where the simulated platform may throw or linger.
  template <fault_site>
  static constexpr void fault() noexcept {}

  /// A pointer of the calling thread's own: the worker that it is, or null.
  static auto current() noexcept -> void const*& {
    static constinit thread_local void const* mine = nullptr;
    return mine;
  }

  /// The one object of its type in the process, never destroyed: threads may outlive what is static.
  template <typename T>
  static auto only() -> T& {
    static T& here = *new T;
    return here;
  }

  /// Grows in the child of a fork(), which has none of the threads.
  static auto forks() noexcept -> std::uint32_t {
    static_cast<void>(forks_are_counted);
    return forks_so_far.load(std::memory_order::relaxed);  // written when there was one thread: nothing to pair with
  }

  static void relax() noexcept { cpu_relax(); }
  static void yield() noexcept { cpu_yield(); }
  static auto now() noexcept -> std::int64_t { return clock_now(); }      // nanoseconds
  static auto ticks() noexcept -> std::int64_t { return clock_ticks(); }  // cheaper, unit unknown

  static void wait(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept { futex_wait(word, expected); }
  static void wait_for(atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t nanoseconds) noexcept {
    futex_wait_for(word, expected, nanoseconds);
  }
  static void wake_all(atomic<std::uint32_t>& word) noexcept { futex_wake_all(word); }
  static void nap(std::int64_t nanoseconds) noexcept { thread_sleep(nanoseconds); }

  // A store, then a look at another word, on two threads in opposite directions: one of them must see the other. The frequent
  // side calls light_barrier between its two, the rare side heavy_barrier. If asymmetric() is false both do a
  // read-modify-write of the same word instead.
  static auto asymmetric() noexcept -> bool { return asymmetric_barriers; }
  static void light_barrier() noexcept { std::atomic_signal_fence(std::memory_order::seq_cst); }  // pairs with heavy_barrier
  static void heavy_barrier() noexcept { barrier_on_all_threads(); }                              // pairs with light_barrier
};

}  // namespace millrace
