// SPDX-License-Identifier: MIT
// expect: has no default constructor; return std::optional of the event instead
#include "cases.hpp"

struct sealed {
  explicit sealed(int) {}
};
[[maybe_unused]] auto p = WRONG(mr::generate<sealed>([](sealed&) { return false; })) RIGHT(mr::generate([]() -> std::optional<sealed> { return {}; })) |
                          mr::tap<"see">([](sealed const&) {});
