// SPDX-License-Identifier: MIT
// expect: mr::fan_out without branches
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(WRONG() RIGHT(mr::tap<"see">(see)));
