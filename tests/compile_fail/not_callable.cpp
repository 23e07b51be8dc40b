// SPDX-License-Identifier: MIT
// expect: see
// expect: a handler is a function, a function object or a pointer to a member
// expect gcc: stage see, of type int:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(WRONG(5) RIGHT(see));
