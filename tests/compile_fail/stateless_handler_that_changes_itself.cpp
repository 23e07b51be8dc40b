// SPDX-License-Identifier: MIT
// expect: count
// expect: a stateless handler is called by several workers at once
// expect gcc: stage count
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"count">([n = 0](order const&) WRONG(mutable { ++n; }) RIGHT({ static_cast<void>(n); }), mr::stateless);
