// SPDX-License-Identifier: MIT
// What a hand-written loop says to the processor and to the optimiser: pause, fetch a line for writing, forget a value.
#pragma once

namespace bench {

inline constexpr int line = 64;  // bytes that travel together between two cores

/// Tells the core that this is a spin loop.
inline void pause_once() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#else
  asm volatile("");
#endif
}

inline void pauses(int n) noexcept {
  for (int i = 0; i < n; ++i) pause_once();
}

/// Hides a value from the optimiser, so that stages can neither be folded into each other nor vectorised over events.
template <typename Value>
[[gnu::always_inline]] inline auto opaque(Value value) noexcept -> Value {
  asm volatile("" : "+r"(value));
  return value;
}

/// Asks for a line with the right to write it. By hand on x86-64: the built-in does it only where a machine is named that has the instruction.
inline void prefetch_for_writing(void const* where) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw (%0)" : : "r"(where));
#else
  __builtin_prefetch(where, 1);
#endif
}

}  // namespace bench
