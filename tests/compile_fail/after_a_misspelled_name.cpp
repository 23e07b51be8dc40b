// SPDX-License-Identifier: MIT
// expect: mr::after
// expect: no stage of that name stands before it
// expect gcc: mr::after of prise, did you mean price:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::after<WRONG("prise") RIGHT("price")> | mr::tap<"log">(see_fill);
