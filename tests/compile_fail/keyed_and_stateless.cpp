// SPDX-License-Identifier: MIT
// expect: see
// expect: options of one kind exclude each other
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see, mr::stateless WRONG(, mr::keyed_by(&order::symbol)));
