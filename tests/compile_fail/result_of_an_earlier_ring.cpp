// SPDX-License-Identifier: MIT
// expect: log
// expect: its result does not travel past it
// expect gcc: stage log wants price:
#include "cases.hpp"

#include <vector>

inline auto legs(fill const&) -> std::vector<fill> { return {}; }
[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::expand<"legs">(legs) | mr::map<"again">([](fill const& f) { return f; }) | mr::tap<"log">(see_fill, mr::takes<WRONG("price") RIGHT("again")>);
