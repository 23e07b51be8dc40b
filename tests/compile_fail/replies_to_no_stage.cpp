// SPDX-License-Identifier: MIT
// expect: stage
#include <millrace.hpp>

#include "cases.hpp"

void go() { mr::runner run{mr::from<order>(mr::replies) RIGHT(| mr::tap<"see">(see))}; }
