// SPDX-License-Identifier: MIT
// expect: has 64 bytes at most
#include <array>

#include <millrace.hpp>

#include "cases.hpp"

void go(mr::future<int>& f) {
  std::array<int, WRONG(20) RIGHT(10)> much{};
  f.then([much](mr::reply<int> const& r) { static_cast<void>(r.has_value() && much[0] != 0); });
}
