// SPDX-License-Identifier: MIT
// Threads on some processors, by the system's own means: what tests of placement compare with.
#pragma once
#include <sched.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace support {

/// Thread `number` of this process, or the calling one, runs on these processors only, and so do threads that it starts later.
inline void run_only_on(std::vector<int> const& cpus, std::int64_t number = 0) {
  cpu_set_t only;
  CPU_ZERO(&only);
  for (int const cpu : cpus) CPU_SET(static_cast<std::size_t>(cpu), &only);
  if (sched_setaffinity(static_cast<pid_t>(number), sizeof only, &only) != 0) throw std::runtime_error{"the affinity of a test's thread cannot be set"};
}
inline void run_only_on(int cpu, std::int64_t number = 0) { run_only_on(std::vector{cpu}, number); }

}  // namespace support
