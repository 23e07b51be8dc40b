// SPDX-License-Identifier: MIT
// expect: log
// expect: price
// expect: name a stage that stands before this one
// expect gcc: stage log wants price:
#include "cases.hpp"

#ifdef MILLRACE_CORRECTED
[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(see_fill, mr::takes<"price">);
#else
[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"log">(see_fill, mr::takes<"price">) | mr::map<"price">(price);
#endif
