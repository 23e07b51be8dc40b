// SPDX-License-Identifier: MIT
// The version, and the only macros of the library.
#pragma once

#define MILLRACE_VERSION_MAJOR 0
#define MILLRACE_VERSION_MINOR 1
#define MILLRACE_VERSION_PATCH 0

/// Checks an invariant of the library in builds without NDEBUG; costs nothing otherwise.
#ifdef NDEBUG
#define MILLRACE_ASSERT(condition) static_cast<void>(0)
#else
#define MILLRACE_ASSERT(condition) ((condition) ? static_cast<void>(0) : ::millrace::assertion_failed(#condition, __FILE__, __LINE__))
#endif

/// A layer that must vanish: our own wrappers around a handler, never the handler itself.
#define MILLRACE_INLINE [[gnu::always_inline]] inline
/// Runs a few times, or once for many events. Not gnu::cold: gcc takes whatever is on a path with a call of a cold function for cold
/// too, so the loop that publishes behind the runner that a program makes would be compiled for size.
#define MILLRACE_COLD [[gnu::noinline]]
#define MILLRACE_INLINE_LAMBDA __attribute__((always_inline))  // between the parameters and the result
/// Defined beside its header, in a file of the same name that ends in .ipp, because it depends on none of the program's types. Such
/// files are part of every source file; or, where the whole program defines MILLRACE_SEPARATE_COMPILATION, of the one that includes
/// millrace/separate.hpp.
#ifdef MILLRACE_SEPARATE_COMPILATION
#define MILLRACE_COMPILED
#else
#define MILLRACE_COMPILED [[gnu::noinline]] inline
#endif

namespace millrace {
/// Prints the broken invariant and aborts: the state is unknown, going on would corrupt events.
[[noreturn]] void assertion_failed(char const* condition, char const* file, int line) noexcept;
}  // namespace millrace

#include <cstdio>
#include <cstdlib>

inline void millrace::assertion_failed(char const* condition, char const* file, int line) noexcept {
  std::fprintf(stderr, "millrace: %s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

#ifdef MILLRACE_SEPARATE_COMPILATION
namespace millrace {
/// Called what the linker should say that does not find it.
extern char const one_source_file_has_to_include_millrace_separate_hpp;
[[gnu::used]] inline char const* const looked_for_by_the_linker = &one_source_file_has_to_include_millrace_separate_hpp;
}  // namespace millrace
#endif
