// SPDX-License-Identifier: MIT
// expect: price
// expect: a stage of this name exists already
// expect gcc: stage price:
#include "cases.hpp"

#include <vector>

inline auto legs(fill const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::expand<"legs">(legs) | mr::tap<WRONG("price") RIGHT("log")>(see_fill);
