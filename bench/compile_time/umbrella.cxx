// SPDX-License-Identifier: MIT
// The header alone.
#include <millrace.hpp>

auto main() -> int { return 0; }
