// SPDX-License-Identifier: MIT
// expect: mr::together
// expect: that contradicts what was said before
// expect gcc: mr::together of see, price:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::apart<WRONG("see") RIGHT("log")> | mr::together<"see", "price">;
