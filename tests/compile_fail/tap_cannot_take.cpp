// SPDX-License-Identifier: MIT
// expect: log
// expect: order
// expect: change the type of the parameter of the handler
// expect gcc: stage log gets const fill&, takes const order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"log">(WRONG(see) RIGHT(see_fill));
