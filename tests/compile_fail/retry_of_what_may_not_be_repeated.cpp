// SPDX-License-Identifier: MIT
// expect: see
// expect: mr::retry calls the handler again for the same event
// expect gcc: stage see:
#include "cases.hpp"

#include <chrono>
#include <exception>
#include <vector>

using namespace std::chrono_literals;
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see, RIGHT(mr::idempotent,) mr::on_error(mr::retry(3, 1ms)));
