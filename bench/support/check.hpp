// SPDX-License-Identifier: MIT
// A figure of a wrong answer is worth nothing: every run is compared with the oracle of its problem.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace bench {

[[noreturn]] inline void fail(char const* contender, char const* what) {
  std::fprintf(stderr, "bench: %s: %s\n", contender, what);
  std::abort();
}

inline void expect(char const* contender, bool holds, char const* what) {
  if (!holds) [[unlikely]]
    fail(contender, what);
}

template <typename Value>
void expect_equal(char const* contender, Value seen, Value wanted) {
  if (seen == wanted) return;
  std::fprintf(stderr, "bench: %s: wrong result: %lld instead of %lld\n", contender, static_cast<long long>(seen),
               static_cast<long long>(wanted));
  std::abort();
}

}  // namespace bench
