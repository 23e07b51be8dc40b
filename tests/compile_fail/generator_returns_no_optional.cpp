// SPDX-License-Identifier: MIT
// expect: order
// expect: a generator returns std::optional of the event
// expect gcc: , returns order:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::generate([]() -> WRONG(order) RIGHT(std::optional<order>) { return order{1, 2}; }) | mr::tap<"see">(see);
