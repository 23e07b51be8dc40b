// SPDX-License-Identifier: MIT
// expect: legs
// expect: an expand returns what can be iterated over
// expect gcc: stage legs, returns fill:
#include "cases.hpp"

#include <vector>

[[maybe_unused]] auto p = mr::from<order>() | mr::expand<"legs">([](order const& o) { return WRONG(price(o)) RIGHT(std::vector<fill>{price(o)}); }) | mr::tap<"log">([](auto const&) {});
