// SPDX-License-Identifier: MIT
// How far apart are the two cores at this moment? One line goes to and fro between the first two processors. A virtual
// machine's processors may be moved while a benchmark runs; figures compare only within one placement.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "support/clock.hpp"
#include "support/cpu.hpp"
#include "support/pin.hpp"
#include "support/start_line.hpp"

namespace bench {

enum class regime { near, far, mixed };

inline constexpr double near_limit_ns = 200;

/// Classes a run by the round trip before and after it.
inline auto regime_of(double before_ns, double after_ns) noexcept -> regime {
  if (before_ns < near_limit_ns && after_ns < near_limit_ns) return regime::near;
  if (before_ns >= near_limit_ns && after_ns >= near_limit_ns) return regime::far;
  return regime::mixed;
}

/// Round trip of one cache line between the first two processors, in nanoseconds. 0 where there is only one.
inline auto probe_ns(double for_seconds) -> double {
  if (cpus().size() < 2) return 0;
  constexpr std::uint64_t end = ~std::uint64_t{0};
  alignas(line) std::atomic<std::uint64_t> ball{0};
  start_line ready{2};
  double spent = 0;
  std::uint64_t trips = 0;
  std::thread back{[&] {
    pin(1);
    ready.wait();
    for (std::uint64_t i = 1;; i += 2) {
      std::uint64_t seen = 0;
      while ((seen = ball.load(std::memory_order::acquire)) != i) {  // pairs with the stores of the other thread
        if (seen == end) return;
        pause_once();
      }
      ball.store(i + 1, std::memory_order::release);  // pairs with the other thread's acquire
    }
  }};
  std::thread forth{[&] {
    pin(0);
    ready.wait();
    auto const begin = seconds();
    for (std::uint64_t i = 1;; i += 2) {
      ball.store(i, std::memory_order::release);                                    // pairs with the acquire above
      while (ball.load(std::memory_order::acquire) != i + 1) pause_once();  // pairs with the release above
      if ((++trips & 63) == 0 && (spent = seconds() - begin) > for_seconds) break;
    }
    ball.store(end, std::memory_order::release);  // pairs with the acquire above
  }};
  forth.join();
  back.join();
  return spent / static_cast<double>(trips) * 1e9;
}

}  // namespace bench
