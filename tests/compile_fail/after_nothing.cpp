// SPDX-License-Identifier: MIT
// expect: mr::after<> names nothing
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::after<WRONG() RIGHT("price")> | mr::tap<"log">(see_fill);
