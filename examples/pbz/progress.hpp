// SPDX-License-Identifier: MIT
// One line on the terminal that says how far the input has been read, and leaves no trace.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace pbz {

class progress_line {
 public:
  /// Shown if the input is a file that has a size, and somebody looks on who has not asked for silence, or for other words.
  progress_line(std::string what, int input, bool silent) : what_{std::move(what)}, input_{input} {
    struct stat about{};
    if (!silent && ::isatty(STDERR_FILENO) != 0 && ::fstat(input, &about) == 0 && S_ISREG(about.st_mode)) size_ = static_cast<double>(about.st_size);
  }
  progress_line(progress_line const&) = delete;
  auto operator=(progress_line const&) -> progress_line& = delete;
  ~progress_line() {
    if (shown()) std::fputs("\r\033[K", stderr);
  }
  [[nodiscard]] auto shown() const noexcept -> bool { return size_ > 0; }
  void update() const {
    auto const share = std::clamp(static_cast<double>(::lseek(input_, 0, SEEK_CUR)) / size_, 0.0, 1.0);  // the system knows how far
    auto const done = static_cast<std::size_t>(share * width);
    std::fprintf(stderr, "\r%-20s [%s%s] %3.0f %%", what_.c_str(), std::string(done, '#').c_str(), std::string(width - done, ' ').c_str(), 100 * share);
  }

 private:
  static constexpr std::size_t width = 40;
  std::string what_;
  int input_;
  double size_ = 0;
};

}  // namespace pbz
