// SPDX-License-Identifier: MIT
// A platform with a virtual clock that counts what it is asked for. One thread only: what another thread would do while this
// one sleeps is a function, `meanwhile`.
#pragma once
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include <millrace/sync/mailbox.hpp>
#include <millrace/sync/platform.hpp>

namespace support {

/// What was asked for so far, and what the clock says.
struct fake_machine {
  std::int64_t time = 1'000'000;
  long relaxed = 0, yielded = 0, napped = 0, waited = 0, woken = 0, heavy = 0, light = 0;
  std::int64_t last_nap = 0, last_wait = 0;
  std::int64_t others_run = 0;        // for so long when this thread yields
  bool has_asymmetric = true;
  std::string order;                  // of what a test wants to see: h heavy barrier, w wait, n nap, and what it adds itself
  std::function<void()> meanwhile{};  // happens during a sleep
};

struct fake_platform : millrace::std_platform {
  static constexpr std::int64_t pause_takes = 10, yield_takes = 1'000;

  static inline fake_machine now_is{};
  static void begin() { now_is = fake_machine{}; }

  static void relax() noexcept { ++now_is.relaxed, now_is.time += pause_takes; }
  static void yield() noexcept { ++now_is.yielded, now_is.time += yield_takes + now_is.others_run; }
  static auto now() noexcept -> std::int64_t { return now_is.time; }
  static auto ticks() noexcept -> std::int64_t { return now_is.time; }

  static void wait(atomic<std::uint32_t>& word, std::uint32_t expected) {
    ++now_is.waited, now_is.order += 'w';
    if (word.load() != expected) return;
    if (!now_is.meanwhile)
      throw std::logic_error{"sleeps, and nobody is there to wake it"};  // ends the test: the wait is noexcept
    now_is.meanwhile();
  }
  static void wait_for(atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t nanoseconds) {
    ++now_is.waited, now_is.order += 'w', now_is.last_wait = nanoseconds;
    if (now_is.meanwhile) now_is.meanwhile();
    if (word.load() == expected) now_is.time += nanoseconds;
  }
  static void wake_all(atomic<std::uint32_t>&) noexcept { ++now_is.woken; }
  static void nap(std::int64_t nanoseconds) {
    ++now_is.napped, now_is.order += 'n', now_is.last_nap = nanoseconds;
    now_is.time += nanoseconds;
    if (now_is.meanwhile) now_is.meanwhile();
  }

  static auto asymmetric() noexcept -> bool { return now_is.has_asymmetric; }
  static void light_barrier() noexcept { ++now_is.light; }
  static void heavy_barrier() noexcept { ++now_is.heavy, now_is.order += 'h'; }
};

}  // namespace support
