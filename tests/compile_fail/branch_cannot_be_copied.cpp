// SPDX-License-Identifier: MIT
// expect: own
// expect: write std::move(sentence) to use it up
// expect gcc: stage own
#include "cases.hpp"

auto const branch = mr::tap<"own">(WRONG(owner{}) RIGHT(see));
[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"see">(see), branch);
