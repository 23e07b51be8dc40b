// SPDX-License-Identifier: MIT
// One line on the terminal that says how far something has come, and leaves no trace.
#pragma once
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace wordcount {

class progress_line {
 public:
  explicit progress_line(std::string what) : what_{std::move(what)} { (*this)(0); }
  progress_line(progress_line const&) = delete;
  auto operator=(progress_line const&) -> progress_line& = delete;
  ~progress_line() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

  /// `share` from 0 to 1.
  void operator()(double share) const {
    if (!shown_) return;
    auto const done = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * width);
    std::fprintf(stderr, "\r%-12s [%s%s]", what_.c_str(), std::string(done, '#').c_str(), std::string(width - done, ' ').c_str());
  }

 private:
  static constexpr std::size_t width = 50;
  std::string what_;
  bool shown_ = ::isatty(STDERR_FILENO) != 0;
};

}  // namespace wordcount
