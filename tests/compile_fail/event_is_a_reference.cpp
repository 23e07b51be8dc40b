// SPDX-License-Identifier: MIT
// expect: order
// expect: an event is an object that lives in a slot
// expect gcc: a thing of type order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order WRONG(&)>() | mr::tap<"see">(see);
