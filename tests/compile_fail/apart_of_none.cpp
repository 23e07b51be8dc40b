// SPDX-License-Identifier: MIT
// expect: mr::apart
// expect: mr::apart one or more
// expect gcc: mr::apart of nothing:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::apart<WRONG() RIGHT("see")>;
