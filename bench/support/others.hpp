// SPDX-License-Identifier: MIT
// What other programs do to this one: take a part of a processor, or take processors away. Both by processes of their own, as it would be.
#pragma once

#include <dirent.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "support/check.hpp"
#include "support/pin.hpp"

namespace bench {

/// A process that does nothing else than to use the processor at a position.
class hog {
 public:
  explicit hog(std::size_t position) : process_{fork()} {
    expect("hog", process_ >= 0, "no process could be made");
    if (process_ > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it goes when this program does, however that ends
    pin(position);
    for (;;) asm volatile("");
  }
  hog(hog const&) = delete;
  auto operator=(hog const&) -> hog& = delete;
  ~hog() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_;
};

/// Takes the processor at a position away from all threads of this process until it is destroyed: who runs nowhere else is moved to the first
/// one. As a process outside does with `taskset --all-tasks --pid`; a smaller cpuset has the same effect on masks.
class taken_away {
 public:
  explicit taken_away(std::size_t position) {
    auto* const tasks = opendir("/proc/self/task");
    expect("taken_away", tasks != nullptr, "the threads of this process are not known");
    std::vector<std::pair<pid_t, cpu_set_t>> less;
    while (auto const* const entry = readdir(tasks)) {
      auto const thread = static_cast<pid_t>(std::atoi(entry->d_name));
      cpu_set_t mask;
      CPU_ZERO(&mask);
      if (thread == 0 || sched_getaffinity(thread, sizeof mask, &mask) != 0) continue;
      before_.emplace_back(thread, mask);
      CPU_CLR(static_cast<std::size_t>(cpu_at(position)), &mask);
      if (CPU_COUNT(&mask) == 0) CPU_SET(static_cast<std::size_t>(cpu_at(position == 0 ? 1 : 0)), &mask);
      less.emplace_back(thread, mask);
    }
    closedir(tasks);
    set(less);
  }
  taken_away(taken_away const&) = delete;
  auto operator=(taken_away const&) -> taken_away& = delete;
  ~taken_away() { set(before_); }

 private:
  static void set(std::vector<std::pair<pid_t, cpu_set_t>> const& masks) {
    auto const other = fork();
    expect("taken_away", other >= 0, "no process could be made");
    if (other == 0) {
      for (auto const& [thread, mask] : masks) sched_setaffinity(thread, sizeof mask, &mask);  // some may have gone
      _exit(0);
    }
    waitpid(other, nullptr, 0);
  }
  std::vector<std::pair<pid_t, cpu_set_t>> before_;
};

}  // namespace bench
