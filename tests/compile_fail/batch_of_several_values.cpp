// SPDX-License-Identifier: MIT
// expect: see
// expect: a batch is of one kind of value that is always there
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) |
         mr::tap<"see">([](auto const&...) {}, mr::takes<"price", "event"> WRONG(, mr::in_batches));
