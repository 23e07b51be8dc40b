// SPDX-License-Identifier: MIT
// The processors that this process may use, by position: 0 is the producer's, 1 the consumer's. Threads that are not
// pinned may run on all of them. Contenders are started from a thread that is never pinned: masks are inherited.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <cstddef>
#include <vector>

namespace bench {

/// The processors in the order in which contenders use them; `--cpus` replaces it.
inline auto cpus() -> std::vector<int>& {
  static std::vector<int> allowed = [] {
    std::vector<int> found;
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &set)) found.push_back(static_cast<int>(cpu));
    }
    return found;
  }();
  return allowed;
}

/// The processor at a position, for a library that wants to pin by itself.
inline auto cpu_at(std::size_t position) -> int { return cpus()[position % cpus().size()]; }

/// Pins the calling thread. A refusal is ignored: the run is slower or noisier, never wrong.
inline void pin(std::size_t position) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu_at(position)), &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

/// One processor per thread where there are enough, otherwise the kernel decides.
inline void pin_if_enough(std::size_t position, std::size_t threads) {
  if (cpus().size() >= threads) pin(position);
}

}  // namespace bench
