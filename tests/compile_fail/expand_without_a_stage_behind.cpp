// SPDX-License-Identifier: MIT
// expect: a pipeline needs at least one stage after its source
#include "cases.hpp"

#include <vector>

inline auto legs(order const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::whole(mr::from<order>() | mr::expand<"legs">(legs) RIGHT(| mr::tap<"log">(see_fill)));
