// SPDX-License-Identifier: MIT
// expect: own
// expect: copies the handler for each group of keys
// expect gcc: stage own
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"own">(WRONG(owner{}) RIGHT(see), mr::keyed_by(&order::symbol));
