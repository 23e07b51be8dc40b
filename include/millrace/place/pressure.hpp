// SPDX-License-Identifier: MIT
// What others leave of the processors: the quota of the process's group, and how long a thread has waited for its processor.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace millrace {

/// Processors' worth of time that the process's control group may use; 0: as much as there is, or unknown.
/// Costs      two or three system calls. Of nested groups only the one that is mounted at the root of the process's view counts.
[[nodiscard]] inline auto cpu_quota() noexcept -> double {
  double quota = 0;
#if defined(__linux__)
  if (auto* const v2 = std::fopen("/sys/fs/cgroup/cpu.max", "re")) {
    long most = 0, period = 0;
    if (std::fscanf(v2, "%ld %ld", &most, &period) == 2 && most > 0 && period > 0) quota = static_cast<double>(most) / static_cast<double>(period);
    std::fclose(v2);
    return quota;
  }
  long numbers[2] = {0, 0};
  char const* const files[2] = {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us"};
  for (int i = 0; i < 2; ++i)
    if (auto* const v1 = std::fopen(files[i], "re")) {
      if (std::fscanf(v1, "%ld", &numbers[i]) != 1) numbers[i] = 0;
      std::fclose(v1);
    }
  if (numbers[0] > 0 && numbers[1] > 0) quota = static_cast<double>(numbers[0]) / static_cast<double>(numbers[1]);
#endif
  return quota;
}

/// How many processors the process's control group is left with; 0: unknown.
/// Costs      three system calls.
[[nodiscard]] inline auto cpus_of_group() noexcept -> double {
  int count = 0;
#if defined(__linux__)
  for (char const* const path : {"/sys/fs/cgroup/cpuset.cpus.effective", "/sys/fs/cgroup/cpuset/cpuset.effective_cpus"}) {
    auto* const list = std::fopen(path, "re");
    if (list == nullptr) continue;
    for (int first = 0, last = 0, got = 0; (got = std::fscanf(list, "%d-%d", &first, &last)) >= 1; std::fgetc(list)) count += got == 2 && last >= first ? last - first + 1 : 1;
    std::fclose(list);
    if (count != 0) break;
  }
#endif
  return count;
}

/// The system's number of the calling thread; 0: it has none that anybody could ask about.
[[nodiscard]] inline auto number_of_this_thread() noexcept -> std::int64_t {
#if defined(__linux__)
  return ::syscall(SYS_gettid);
#else
  return 0;
#endif
}

/// How long thread `number` of this process has been ready to run while others had its processor, in nanoseconds since it began; -1:
/// unknown.
/// Costs      three system calls.
[[nodiscard]] inline auto run_queue_wait(std::int64_t number) noexcept -> std::int64_t {
#if defined(__linux__)
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%lld/schedstat", static_cast<long long>(number));
  if (auto* const file = std::fopen(path, "re")) {
    long long ran = 0, waited = 0;
    auto const got = std::fscanf(file, "%lld %lld", &ran, &waited);
    std::fclose(file);
    if (got == 2) return waited;
  }
#endif
  static_cast<void>(number);
  return -1;
}

}  // namespace millrace
