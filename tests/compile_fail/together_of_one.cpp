// SPDX-License-Identifier: MIT
// expect: mr::together
// expect: mr::together needs two names or more
// expect gcc: mr::together of see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::together<"see" WRONG() RIGHT(, "price")>;
