// SPDX-License-Identifier: MIT
// expect: see
// expect: change the type of the parameter of the handler
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::tap<"see">([](mr::batch<WRONG(order) RIGHT(fill) const>) {}, mr::in_batches);
