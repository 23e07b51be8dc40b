// SPDX-License-Identifier: MIT
// expect: mr::after
// expect: no stage of that name stands before it
// expect gcc: mr::after of log:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::after<WRONG("log") RIGHT("price")> | mr::tap<"log">(see_fill);
