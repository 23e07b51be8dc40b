// SPDX-License-Identifier: MIT
// expect: see
// expect: mr::every needs a handler with a member on_tick
// expect gcc: stage see
#include <chrono>

#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see WRONG(, mr::every(std::chrono::seconds{1})));
