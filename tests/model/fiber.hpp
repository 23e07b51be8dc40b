// SPDX-License-Identifier: MIT
// Stacks that take turns on one thread of the system. An own switch for x86-64 and AArch64 (some nanoseconds), ucontext
// elsewhere (a system call each time).
#pragma once
#include <cstddef>

#if !defined(__x86_64__) && !defined(__aarch64__) && !defined(MILLRACE_MODEL_UCONTEXT)
#define MILLRACE_MODEL_UCONTEXT 1
#endif
#if defined(MILLRACE_MODEL_UCONTEXT)
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define MILLRACE_MODEL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MILLRACE_MODEL_ASAN 1
#endif
#endif

namespace millrace::model {

class fiber {
 public:
  fiber() = default;
  fiber(fiber const&) = delete;
  auto operator=(fiber const&) -> fiber& = delete;
  ~fiber();

  /// The next switch to this fiber calls `entry` on a fresh stack; whatever was on it is dropped without unwinding.
  void prepare(void (*entry)(), std::size_t stack_bytes);
  /// Leaves `from`, goes on in `to`. `last`: from is not going to be resumed.
  static void change(fiber& from, fiber& to, bool last = false) noexcept;
  /// The first thing that `entry` must call.
  static void arrived() noexcept;

 private:
  // What the C++ run time keeps for each system thread and fibers must not share: the exceptions being handled.
  struct exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;
  };

  void* stack_ = nullptr;  // null: the stack of the system thread
  std::size_t bytes_ = 0;
  exceptions handled_;
#if defined(MILLRACE_MODEL_UCONTEXT)
  ::ucontext_t context_;
#else
  void* top_ = nullptr;
#endif
#if defined(MILLRACE_MODEL_ASAN)
  void* fake_ = nullptr;
  void const* bottom_ = nullptr;
  std::size_t reach_ = 0;
  static inline fiber* left_ = nullptr;
#endif
};

}  // namespace millrace::model
