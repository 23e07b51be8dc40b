// SPDX-License-Identifier: MIT
// expect: void
// expect: a generator returns std::optional of the event
#include "cases.hpp"

[[maybe_unused]] auto p = mr::generate([]() -> WRONG(void) RIGHT(std::optional<order>) { return RIGHT({}); }) | mr::tap<"see">(see);
