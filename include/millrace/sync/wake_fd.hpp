// SPDX-License-Identifier: MIT
// A file descriptor that is readable when there is something to do, for threads that sleep in epoll or poll.
#pragma once
#include <cerrno>
#include <cstdint>
#include <system_error>
#if defined(__linux__)
#include <sys/eventfd.h>
#include <unistd.h>
#endif

#include <millrace/base/errors.hpp>

namespace millrace {

class wake_fd {
 public:
  /// Throws     unsupported where there is no eventfd; std::system_error if there are too many.
  wake_fd() {
#if defined(__linux__)
    fd_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
#else
    throw unsupported{"millrace: only on Linux a reader has a file descriptor; use wait() or wait_for()"};
#endif
  }
  wake_fd(wake_fd const&) = delete;
  auto operator=(wake_fd const&) -> wake_fd& = delete;
  ~wake_fd() {
#if defined(__linux__)
    ::close(fd_);
#endif
  }
  [[nodiscard]] auto get() const noexcept -> int { return fd_; }
  /// Readable from now on.
  void ring() const noexcept {
#if defined(__linux__)
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const done = ::write(fd_, &one, sizeof one);
#endif
  }
  /// Not readable any more.
  void hush() const noexcept {
#if defined(__linux__)
    std::uint64_t count = 0;
    [[maybe_unused]] auto const done = ::read(fd_, &count, sizeof count);
#endif
  }

 private:
  int fd_ = -1;
};

}  // namespace millrace
