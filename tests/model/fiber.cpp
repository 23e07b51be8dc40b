// SPDX-License-Identifier: MIT
#include "model/fiber.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>

#if defined(MILLRACE_MODEL_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

// Saves what a call must preserve on the old stack, and takes it from the new one.
#if defined(__x86_64__)
asm(R"(
.text
.globl millrace_model_switch
.type millrace_model_switch, @function
millrace_model_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size millrace_model_switch, .-millrace_model_switch
)");
#elif defined(__aarch64__)
asm(R"(
.text
.globl millrace_model_switch
.type millrace_model_switch, @function
millrace_model_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size millrace_model_switch, .-millrace_model_switch
)");
#endif
#if !defined(MILLRACE_MODEL_UCONTEXT)
extern "C" void millrace_model_switch(void** save, void* load);
#endif

#if defined(MILLRACE_MODEL_ASAN)
// It would make a second, fake stack for each fiber of each run: a hundred times slower.
extern "C" auto __asan_default_options() -> char const* { return "detect_stack_use_after_return=0"; }
#endif

namespace millrace::model {

namespace {
constexpr std::size_t guard = 65536;  // a page of any machine
}

fiber::~fiber() {
  if (stack_ != nullptr) ::munmap(static_cast<char*>(stack_) - guard, bytes_ + guard);
}

void fiber::prepare(void (*entry)(), std::size_t stack_bytes) {
  if (stack_ == nullptr) {
    void* const at = ::mmap(nullptr, stack_bytes + guard, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || ::mprotect(at, guard, PROT_NONE) != 0) {
      std::fputs("model: no memory for a fiber's stack\n", stderr);
      std::abort();
    }
    stack_ = static_cast<char*>(at) + guard;
    bytes_ = stack_bytes;
  }
  handled_ = {};
#if defined(MILLRACE_MODEL_ASAN)
  __asan_unpoison_memory_region(stack_, bytes_);
  fake_ = nullptr;
  bottom_ = stack_;
  reach_ = bytes_;
#endif
#if defined(MILLRACE_MODEL_UCONTEXT)
  ::getcontext(&context_);
  context_.uc_stack.ss_sp = stack_;
  context_.uc_stack.ss_size = bytes_;
  context_.uc_link = nullptr;
  ::makecontext(&context_, entry, 0);
#elif defined(__x86_64__)
  auto** top = reinterpret_cast<void**>(static_cast<char*>(stack_) + bytes_);
  *--top = nullptr;  // where entry would return to: ends the stack for debuggers, and gives the alignment that a function expects
  *--top = reinterpret_cast<void*>(entry);
  for (int i = 0; i < 6; ++i) *--top = nullptr;
  top_ = top;
#else
  auto** top = reinterpret_cast<void**>(static_cast<char*>(stack_) + bytes_ - 160);
  for (int i = 0; i < 20; ++i) top[i] = nullptr;
  top[11] = reinterpret_cast<void*>(entry);  // x30, where ret goes
  top_ = top;
#endif
}

void fiber::arrived() noexcept {
#if defined(MILLRACE_MODEL_ASAN)
  __sanitizer_finish_switch_fiber(nullptr, &left_->bottom_, &left_->reach_);
#endif
}

void fiber::change(fiber& from, fiber& to, [[maybe_unused]] bool last) noexcept {
  static auto* const now = reinterpret_cast<exceptions*>(abi::__cxa_get_globals());
  from.handled_ = *now;
  *now = to.handled_;
#if defined(MILLRACE_MODEL_ASAN)
  left_ = &from;
  __sanitizer_start_switch_fiber(last ? nullptr : &from.fake_, to.bottom_, to.reach_);
#endif
#if defined(MILLRACE_MODEL_UCONTEXT)
  ::swapcontext(&from.context_, &to.context_);
#else
  millrace_model_switch(&from.top_, to.top_);
#endif
#if defined(MILLRACE_MODEL_ASAN)
  __sanitizer_finish_switch_fiber(from.fake_, &left_->bottom_, &left_->reach_);
#endif
}

}  // namespace millrace::model
