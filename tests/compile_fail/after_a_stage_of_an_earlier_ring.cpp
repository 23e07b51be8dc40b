// SPDX-License-Identifier: MIT
// expect: mr::after
// expect: where the sentence cannot go back to
// expect gcc: mr::after of price:
#include "cases.hpp"

#include <vector>

inline auto legs(fill const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::expand<"legs">(legs) | mr::tap<"log">(see_fill) | mr::after<WRONG("price") RIGHT("log")> | mr::tap<"last">(see_fill);
