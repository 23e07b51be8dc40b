// SPDX-License-Identifier: MIT
// expect: a source can only stand first
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"a">(see), WRONG(mr::from<order>() |) mr::tap<"b">(see));
