// SPDX-License-Identifier: MIT
// The simulated machine: what std_platform is to the real one. The library's headers run on it unchanged.
#pragma once
#include <cstdint>
#include <memory>

#include <millrace/sync/platform.hpp>

#include "model/atomic.hpp"
#include "model/cell.hpp"
#include "model/mailbox.hpp"
#include "model/thread.hpp"

namespace millrace::model {

struct platform {
  template <typename T>
  using atomic = model::atomic<T>;
  template <typename T>
  using cell = model::cell<T>;
  template <typename T>
  using mailbox = model::mailbox<T>;
  using mutex = model::mutex;
  using thread = model::thread;

  /// The order that stands at a site, unless this run weakens it.
  template <site S>
  static auto order(std::memory_order o) noexcept -> std::memory_order {
    world.at(S);
    return world.weakened(S) ? std::memory_order::relaxed : o;
  }
  template <fault_site S>
  static void fault() {
    fault_point(S);
  }

  static void relax() noexcept { world.hint(); }
  static void yield() noexcept { world.hint(); }
  static auto now() noexcept -> std::int64_t { return world.now(); }
  static auto ticks() noexcept -> std::int64_t { return world.now(); }

  static void wait(atomic<std::uint32_t>& word, std::uint32_t expected) noexcept { sleep(word, expected, no_deadline); }
  static void wait_for(atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t nanoseconds) noexcept {
    if (nanoseconds > 0) sleep(word, expected, world.now() + nanoseconds);
  }
  static void wake_all(atomic<std::uint32_t>& word) noexcept {
    world.point();
    if (world.tracing()) world.note("wakes who sleeps on " + world.name_at(&word));
    world.wake(&word);
  }
  static void nap(std::int64_t nanoseconds) noexcept {
    world.point();
    static_cast<void>(world.block(&world.me(), "for a while", world.now() + nanoseconds, false));
  }

  static auto current() noexcept -> void const*& { return world.me().current; }
  /// One in each run.
  template <typename T>
  static auto only() -> T& {
    static std::unique_ptr<T> here;
    static std::uint32_t run = 0;
    if (run != world.number()) here.reset(new T), run = world.number();
    return *here;
  }
  static auto forks() noexcept -> std::uint32_t { return 0; }

  static auto asymmetric() noexcept -> bool { return world.asymmetric(); }
  static void light_barrier() noexcept {
    world.at(site::light_barrier);
    if (world.asymmetric() && !world.weakened(site::light_barrier)) location::light_barrier();
    world.no_note();
  }
  static void heavy_barrier() noexcept {
    world.at(site::heavy_barrier);
    if (world.asymmetric() && !world.weakened(site::heavy_barrier)) {
      location::heavy_barrier();
      if (world.tracing()) world.note("heavy barrier");
    }
    world.no_note();
  }

 private:
  // The kernel compares the newest value and goes to sleep in one step. It orders nothing else.
  static void sleep(atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t deadline) noexcept {
    world.point();
    if (word.newest() == expected) static_cast<void>(world.block(&word, "on a word", deadline, true));
  }
};

}  // namespace millrace::model
