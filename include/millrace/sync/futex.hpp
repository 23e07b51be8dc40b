// SPDX-License-Identifier: MIT
// Sleeping on a 32-bit word, and the barrier that only the sleeper pays for.
//
// Not std::atomic::wait: libstdc++ waits for 64-bit words through a table of 16 proxies, where all words that start a cache
// line share one, and every notification wakes them all.
#pragma once
#include <atomic>
#include <cstdint>
#include <ctime>
#if defined(__linux__)
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <sched.h>
#endif

namespace millrace {

/// Sleeps while `word` is `expected`; may wake for no reason.
inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t expected) noexcept {
#if defined(__linux__)
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
#else
  word.wait(expected);
#endif
}

/// The same, for at most `nanoseconds`.
inline void futex_wait_for(std::atomic<std::uint32_t>& word, std::uint32_t expected, std::int64_t nanoseconds) noexcept {
  if (nanoseconds <= 0) return;
#if defined(__linux__)
  ::timespec const t{static_cast<std::time_t>(nanoseconds / 1'000'000'000), static_cast<long>(nanoseconds % 1'000'000'000)};
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, &t, nullptr, 0);
#else
  ::timespec const nap{0, 50'000};
  if (word.load() == expected) ::nanosleep(&nap, nullptr);  // order: the default; a poll on systems without a timed wait
#endif
}

/// Wakes everybody who sleeps on `word`. A system call: about 0.2 us when nobody sleeps, 10 us when a core must be woken.
inline void futex_wake_all(std::atomic<std::uint32_t>& word) noexcept {
#if defined(__linux__)
  ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT32_MAX, nullptr, nullptr, 0);
#else
  word.notify_all();
#endif
}

/// True if the kernel makes every running thread of the process execute a full barrier when one thread asks for it, so that
/// the other half of a store-then-look pair costs a compiler barrier only. Decided once, before main.
inline bool const asymmetric_barriers = [] {
#if defined(__linux__)
  return ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#else
  return false;
#endif
}();

/// The sleeper's half of the pair: a full barrier on every running thread. About 0.4 us.
inline void barrier_on_all_threads() noexcept {
#if defined(__linux__)
  if (asymmetric_barriers) ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
#endif
}

}  // namespace millrace
