// SPDX-License-Identifier: MIT
// Headers only, in two files of one program: everything must be inline.
#include <millrace.hpp>

auto half(int n) -> int { return n / 2; }
