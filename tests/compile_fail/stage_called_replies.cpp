// SPDX-License-Identifier: MIT
// expect: replies
// expect gcc: stage replies
#include <millrace.hpp>

#include "cases.hpp"

void go() { mr::runner run{mr::from<order>(mr::replies) | mr::tap<WRONG("replies") RIGHT("reply")>(see)}; }
