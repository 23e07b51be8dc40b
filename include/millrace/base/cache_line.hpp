// SPDX-License-Identifier: MIT
// The unit in which cores share memory. Our own constant: std::hardware_destructive_interference_size changes with compiler
// flags, and a layout that depends on it breaks between translation units.
#pragma once
#include <cstddef>

namespace millrace {

/// Bytes that two writers must not share. 128 on machines whose lines are that long or are fetched in pairs.
#if defined(__powerpc64__) || (defined(__APPLE__) && defined(__aarch64__))
inline constexpr std::size_t cache_line_size = 128;
#else
inline constexpr std::size_t cache_line_size = 64;
#endif

}  // namespace millrace
