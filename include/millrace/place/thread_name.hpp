// SPDX-License-Identifier: MIT
// Names under which debuggers and process lists show threads.
#pragma once
#include <pthread.h>

#include <array>
#include <string_view>

namespace millrace {

/// The calling thread is shown under this name, or the first 15 bytes of it: systems keep no more.
///
/// Called by   any thread, for itself. A new thread has the name of the one that started it.
/// Costs       a system call.
inline void name_this_thread(std::string_view name) noexcept {
  std::array<char, 16> shown{};  // ends with a zero
  for (std::size_t i = 0; i < name.size() && i < shown.size() - 1; ++i) shown[i] = name[i];
#if defined(__APPLE__)
  ::pthread_setname_np(shown.data());
#else
  ::pthread_setname_np(::pthread_self(), shown.data());
#endif
}

}  // namespace millrace
