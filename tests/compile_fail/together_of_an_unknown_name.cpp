// SPDX-License-Identifier: MIT
// expect: mr::together
// expect: no stage of that name stands before it
// expect gcc: mr::together of prise:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::together<"see", WRONG("prise") RIGHT("price")>;
