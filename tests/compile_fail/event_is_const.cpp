// SPDX-License-Identifier: MIT
// expect: order
// expect: an event is an object that lives in a slot
// expect gcc: a thing of type const order:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<WRONG(order const) RIGHT(order)>() | mr::tap<"see">(see);
