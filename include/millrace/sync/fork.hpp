// SPDX-License-Identifier: MIT
// fork() copies the memory of a process and one of its threads. What waits for the others would wait for ever, so it asks first.
#pragma once
#include <pthread.h>
#include <atomic>
#include <cstdint>

namespace millrace {

/// How many times fork() lies between this process and the one that was started.
inline std::atomic<std::uint32_t> forks_so_far{0};
inline bool const forks_are_counted = ::pthread_atfork(nullptr, nullptr, [] {
                                        forks_so_far.fetch_add(1, std::memory_order::relaxed);  // the child has one thread: nothing to pair with
                                      }) == 0;

/// The process in which something was made.
template <typename Platform>
class birthplace {
 public:
  /// False in a child that inherited it.
  [[nodiscard]] auto here() const noexcept -> bool { return forks_ == Platform::forks(); }

 private:
  std::uint32_t forks_ = Platform::forks();
};

}  // namespace millrace
