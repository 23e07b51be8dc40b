// SPDX-License-Identifier: MIT
// expect: see
// expect: the events of a shared stage do not lie side by side
// expect gcc: stage see:
#include "cases.hpp"

#include <chrono>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">([](mr::batch<order const>) {}, mr::in_batches WRONG(, mr::stateless));
