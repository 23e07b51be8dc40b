// SPDX-License-Identifier: MIT
// A thread on one processor, by the system's own means: what tests of placement compare with.
#pragma once
#include <sched.h>

#include <stdexcept>

namespace support {

/// The calling thread runs on `cpu` only, and so do threads that it starts later.
inline void run_only_on(int cpu) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(cpu), &only);
  if (sched_setaffinity(0, sizeof only, &only) != 0) throw std::runtime_error{"the affinity of a test's thread cannot be set"};
}

}  // namespace support
