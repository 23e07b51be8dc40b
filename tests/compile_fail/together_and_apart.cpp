// SPDX-License-Identifier: MIT
// expect: mr::apart
// expect: that contradicts what was said before
// expect gcc: mr::apart of price, see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::together<"see", "price"> | mr::apart<WRONG("price") RIGHT("log"), "see">;
