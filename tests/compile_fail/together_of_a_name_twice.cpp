// SPDX-License-Identifier: MIT
// expect: mr::together
// expect: a name stands there twice
// expect gcc: mr::together of see, see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see) | mr::map<"price">(price) | mr::tap<"log">(see_fill) | mr::together<"see", WRONG("see") RIGHT("price")>;
