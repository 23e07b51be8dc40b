// SPDX-License-Identifier: MIT
// Seconds by the clock on the wall, and of processor time.
#pragma once
#include <sys/resource.h>

#include <chrono>

namespace wordcount {

struct seconds {
  double wall = 0, cpu = 0;
};

class stopwatch {
 public:
  /// Whose processor time counts: this process with all its threads, or the programs that it started and that have ended.
  enum class whose { ours, children };

  explicit stopwatch(whose of = whose::ours) : of_{of == whose::ours ? RUSAGE_SELF : RUSAGE_CHILDREN} {}
  [[nodiscard]] auto elapsed() const -> seconds {
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count(), cpu_now() - cpu_};
  }

 private:
  [[nodiscard]] auto cpu_now() const -> double {
    rusage used{};
    ::getrusage(of_, &used);
    auto const in_seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    return in_seconds(used.ru_utime) + in_seconds(used.ru_stime);
  }

  decltype(RUSAGE_SELF) of_;
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_now();
};

}  // namespace wordcount
