// SPDX-License-Identifier: MIT
// Which processors a thread may use, for those who need no more than that: far cheaper than a topology.
#pragma once
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>
#if defined(__linux__)
#include <sched.h>
#endif

namespace millrace {

/// The system's numbers of the processors that the affinity mask of thread `number` and the cgroup leave now, ascending; none: there is no such
/// thread, or nobody can ask. Others may change both at any time. 0 is the calling thread.
///
/// Costs      a system call.
/// Throws     std::bad_alloc.
[[nodiscard]] inline auto cpus_of_thread([[maybe_unused]] std::int64_t number) -> std::vector<int> {
  std::vector<int> cpus;
#if defined(__linux__)
  for (std::size_t sets = 1; sets <= 1024; sets *= 2) {  // each for 1024 processors; too small a mask is refused
    std::vector<::cpu_set_t> mask(sets);
    if (::sched_getaffinity(static_cast<::pid_t>(number), sets * sizeof(::cpu_set_t), mask.data()) != 0) {
      if (errno == EINVAL) continue;
      break;
    }
    for (std::size_t cpu = 0; cpu < sets * CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu % CPU_SETSIZE, &mask[cpu / CPU_SETSIZE])) cpus.push_back(static_cast<int>(cpu));
    break;
  }
#endif
  return cpus;
}

/// Those of the calling thread; at least one.
///
/// Costs      a system call.
/// Throws     std::bad_alloc.
[[nodiscard]] inline auto allowed_cpus() -> std::vector<int> {
  auto cpus = cpus_of_thread(0);
  if (cpus.empty())
    for (int cpu = 0; cpu == 0 || cpu < static_cast<int>(std::thread::hardware_concurrency()); ++cpu) cpus.push_back(cpu);
  return cpus;
}

}  // namespace millrace
