// SPDX-License-Identifier: MIT
// expect: a branch is a stage, or stages joined by a bar
// expect gcc: mr::fan_out is given
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"a">(see), WRONG(see) RIGHT(mr::tap<"see">(see)));
