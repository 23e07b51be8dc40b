// SPDX-License-Identifier: MIT
// expect: see
// expect: mr::ring_of is for stages that open a ring
// expect gcc: stage see:
#include "cases.hpp"

#include <vector>

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"see">(see WRONG(, mr::ring_of(64)));
