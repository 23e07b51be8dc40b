// SPDX-License-Identifier: MIT
// Replaces the allocation of a whole test executable, so that the k-th one fails. Included by one file of it: the functions
// are definitions. All forms are replaced, because what one form allocates another may free. Not with the thread sanitizer,
// whose own definitions cannot be replaced.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_THREAD__)
#define SUPPORT_ALLOCATIONS_FAIL 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SUPPORT_ALLOCATIONS_FAIL 0
#endif
#endif
#ifndef SUPPORT_ALLOCATIONS_FAIL
#define SUPPORT_ALLOCATIONS_FAIL 1

namespace support {

inline thread_local long allocations_left = -1;  // of this thread, until one fails; negative: none does

[[gnu::noinline]] inline auto allocate_or_not(std::size_t bytes, std::size_t alignment) noexcept -> void* {
  if (allocations_left >= 0 && allocations_left-- == 0) return nullptr;
  void* p = nullptr;
  return ::posix_memalign(&p, alignment < sizeof(void*) ? sizeof(void*) : alignment, bytes == 0 ? 1 : bytes) == 0 ? p : nullptr;
}
[[gnu::noinline]] inline auto allocate_or_throw(std::size_t bytes, std::size_t alignment) -> void* {
  auto* const p = allocate_or_not(bytes, alignment);
  return p != nullptr ? p : throw std::bad_alloc{};
}
[[gnu::noinline]] inline void give_back(void* p) noexcept { std::free(p); }

}  // namespace support

auto operator new(std::size_t n) -> void* { return support::allocate_or_throw(n, alignof(std::max_align_t)); }
auto operator new[](std::size_t n) -> void* { return support::allocate_or_throw(n, alignof(std::max_align_t)); }
auto operator new(std::size_t n, std::align_val_t a) -> void* {
  return support::allocate_or_throw(n, static_cast<std::size_t>(a));
}
auto operator new[](std::size_t n, std::align_val_t a) -> void* {
  return support::allocate_or_throw(n, static_cast<std::size_t>(a));
}
auto operator new(std::size_t n, std::nothrow_t const&) noexcept -> void* {
  return support::allocate_or_not(n, alignof(std::max_align_t));
}
auto operator new[](std::size_t n, std::nothrow_t const&) noexcept -> void* {
  return support::allocate_or_not(n, alignof(std::max_align_t));
}
void operator delete(void* p) noexcept { support::give_back(p); }
void operator delete[](void* p) noexcept { support::give_back(p); }
void operator delete(void* p, std::size_t) noexcept { support::give_back(p); }
void operator delete[](void* p, std::size_t) noexcept { support::give_back(p); }
void operator delete(void* p, std::align_val_t) noexcept { support::give_back(p); }
void operator delete[](void* p, std::align_val_t) noexcept { support::give_back(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { support::give_back(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { support::give_back(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { support::give_back(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { support::give_back(p); }
#endif
