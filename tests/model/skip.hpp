// SPDX-License-Identifier: MIT
// The explorer is one thread that changes stacks: there is nothing in it for ThreadSanitizer to see, and its run time does
// not follow the change.
#pragma once
#include <cstdio>
#include <cstdlib>

#if defined(__SANITIZE_THREAD__)
#define MILLRACE_MODEL_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MILLRACE_MODEL_TSAN 1
#endif
#endif

namespace millrace::model {

/// 77 is what ctest shows as skipped.
inline void skip_under_thread_sanitizer() {
#if defined(MILLRACE_MODEL_TSAN)
  std::puts("skipped: the explorer runs on one thread, ThreadSanitizer cannot follow its fibers");
  std::exit(77);
#endif
}

}  // namespace millrace::model
