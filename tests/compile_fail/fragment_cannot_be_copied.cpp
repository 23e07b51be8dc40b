// SPDX-License-Identifier: MIT
// expect: see
// expect: owner
// expect: write std::move(sentence) to use it up
// expect gcc: stage see, of type owner:
#include "cases.hpp"

auto looks = mr::tap<"see">(owner{}) | mr::tap<"second">(see);
[[maybe_unused]] auto p = mr::from<order>() | WRONG(looks) RIGHT(std::move(looks));
