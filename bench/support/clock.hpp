// SPDX-License-Identifier: MIT
// Wall time, the processor time of the whole process, and the cheapest tick for single round trips.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace bench {

inline auto seconds() noexcept -> double {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Processor seconds of all threads of this process.
inline auto cpu_seconds() noexcept -> double {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// A time stamp of about ten nanoseconds' cost; `ns_per_tick()` is its unit.
inline auto ticks() noexcept -> std::uint64_t {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Measured once against the steady clock.
inline auto ns_per_tick() -> double {
  static double const unit = [] {
    auto const t0 = seconds();
    auto const c0 = ticks();
    while (seconds() - t0 < 5e-3) {
    }
    auto const c1 = ticks();
    return (seconds() - t0) * 1e9 / static_cast<double>(c1 - c0);
  }();
  return unit;
}

/// Wall and processor time between `start()` and `stop()`, which may be called by different threads in that order.
class stopwatch {
 public:
  void start() noexcept {
    cpu_ = cpu_seconds();
    wall_ = seconds();
  }
  void stop() noexcept {
    wall_ = seconds() - wall_;
    cpu_ = cpu_seconds() - cpu_;
  }
  auto wall() const noexcept -> double { return wall_; }
  auto cpu() const noexcept -> double { return cpu_; }

 private:
  double wall_ = 0;
  double cpu_ = 0;
};

}  // namespace bench
