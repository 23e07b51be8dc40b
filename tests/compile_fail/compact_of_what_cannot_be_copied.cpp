// SPDX-License-Identifier: MIT
// expect: few
// expect: elements are copied into the next ring
#include "cases.hpp"

#include <vector>

[[maybe_unused]] auto p = mr::from<WRONG(owner) RIGHT(order)>() | mr::compact<"few">() | mr::tap<"log">([](auto const&) {});
