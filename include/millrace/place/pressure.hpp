// SPDX-License-Identifier: MIT
// What others leave of the processors: the quota of the process's group, and how long a thread has waited for its processor.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace millrace {

#if defined(__linux__)
namespace control_group {

/// Two numbers that stand in a file, or in two; false: they do not, or one of them says that there is no limit.
[[nodiscard]] inline auto numbers(char const* folder, char const* path, char const* first, char const* second, long (&is)[2]) noexcept -> bool {
  int got = 0;
  for (char const* const name : {first, second}) {
    char file[512];
    if (name == nullptr || std::snprintf(file, sizeof file, "%s%s/%s", folder, path, name) >= static_cast<int>(sizeof file)) continue;
    if (auto* const in = std::fopen(file, "re")) {
      got += second == nullptr ? std::fscanf(in, "%ld %ld", &is[0], &is[1]) : std::fscanf(in, "%ld", &is[got]);
      std::fclose(in);
    }
  }
  return got == 2 && is[0] > 0 && is[1] > 0;
}

/// The least quota of the group `path` below `folder` and of those that it is in, which bind it too; 0: none.
[[nodiscard]] inline auto least_quota(char const* folder, char* path) noexcept -> double {
  double least = 0;
  for (;;) {
    long is[2] = {0, 0};
    if (numbers(folder, path, "cpu.max", nullptr, is) || numbers(folder, path, "cpu.cfs_quota_us", "cpu.cfs_period_us", is))
      if (auto const quota = static_cast<double>(is[0]) / static_cast<double>(is[1]); least == 0 || quota < least) least = quota;
    auto* const up = std::strrchr(path, '/');
    if (up == nullptr) return least;
    *up = 0;
  }
}

}  // namespace control_group
#endif

/// Processors' worth of time that the process's control group, and those that it is in, may use; 0: as much as there is, or unknown.
/// `groups` is where they are mounted, of version 2 or 1 or both; `mine` says which are the process's.
/// Costs      some system calls for each level of groups.
[[nodiscard]] inline auto cpu_quota([[maybe_unused]] char const* groups = "/sys/fs/cgroup", [[maybe_unused]] char const* mine = "/proc/self/cgroup") noexcept -> double {
  double least = 0;
#if defined(__linux__)
  auto const look = [&](char const* below, char* path) {
    char folder[256];
    if (std::snprintf(folder, sizeof folder, "%s%s", groups, below) >= static_cast<int>(sizeof folder)) return;
    if (auto const quota = control_group::least_quota(folder, path); quota > 0 && (least == 0 || quota < least)) least = quota;
  };
  char line[512] = "";
  look("", line), look("/cpu", line);  // what a container sees as the root; its own path may be one of outside
  auto* const in = std::fopen(mine, "re");
  while (in != nullptr && std::fgets(line, sizeof line, in) != nullptr) {  // number:controllers:path
    line[std::strcspn(line, "\n")] = 0;
    auto* const controllers = std::strchr(line, ':');
    auto* const path = controllers == nullptr ? nullptr : std::strchr(controllers + 1, ':');
    if (path == nullptr) continue;
    *path = 0;
    bool time = controllers[1] == 0;
    for (auto const* c = controllers; !time && c != nullptr; c = std::strchr(c + 1, ',')) time = std::strncmp(c + 1, "cpu", 3) == 0 && (c[4] == ',' || c[4] == 0);
    if (time) look(controllers[1] == 0 ? "" : "/cpu", path + 1);
  }
  if (in != nullptr) std::fclose(in);
#endif
  return least;
}

/// How many processors the process's control group is left with; 0: unknown.
/// Costs      three system calls. Of nested groups only the one that is mounted at the root of the process's view counts; what the others take
///            away is missing in the masks of threads.
[[nodiscard]] inline auto cpus_of_group([[maybe_unused]] char const* groups = "/sys/fs/cgroup") noexcept -> double {
  int count = 0;
#if defined(__linux__)
  for (char const* const name : {"cpuset.cpus.effective", "cpuset/cpuset.effective_cpus"}) {
    char path[512];
    if (std::snprintf(path, sizeof path, "%s/%s", groups, name) >= static_cast<int>(sizeof path)) continue;
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
