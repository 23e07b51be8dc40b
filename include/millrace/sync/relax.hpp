// SPDX-License-Identifier: MIT
// Small things that only an instruction or the operating system can do: pause, yield, read a clock.
// By built-ins: <immintrin.h> alone doubles the compile time of a small program.
#pragma once
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <sched.h>

namespace millrace {

/// Tells the core that this is a waiting loop: about 30 ns on recent x86.
inline void cpu_relax() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");
#else
  asm volatile("" ::: "memory");
#endif
}

/// Fetches the line of an address for somebody who will write there; nobody looks at the address. By hand on x86-64: for the machines that
/// are compiled for unless another one is named the built-in fetches a line for reading only, and the write goes to the other core again.
inline void fetch_for_writing(void const* where) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw (%0)" : : "r"(where));
#else
  __builtin_prefetch(where, 1);
#endif
}

/// Lets another thread of this core run.
inline void cpu_yield() noexcept { ::sched_yield(); }

/// As std::this_thread::sleep_for, whose durations cost 10 ms of compile time.
inline void thread_sleep(std::int64_t nanoseconds) noexcept {
  ::timespec left{static_cast<std::time_t>(nanoseconds / 1'000'000'000), static_cast<long>(nanoseconds % 1'000'000'000)};
  while (nanoseconds > 0 && ::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

/// Nanoseconds of a clock that only goes forward. About 25 ns.
inline auto clock_now() noexcept -> std::int64_t {
  ::timespec t;
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// A counter for measuring short spans, cheaper than the clock; its rate is found by comparing with it.
inline auto clock_ticks() noexcept -> std::int64_t {
#if defined(__x86_64__)
  return static_cast<std::int64_t>(__builtin_ia32_rdtsc());
#elif defined(__aarch64__)
  std::int64_t ticks;
  asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
  return ticks;
#else
  return clock_now();
#endif
}

}  // namespace millrace
