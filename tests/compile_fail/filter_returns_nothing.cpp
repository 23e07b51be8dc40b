// SPDX-License-Identifier: MIT
// expect: live
// expect: return bool, or write mr::map
// expect gcc: stage live, returns void:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(filter) RIGHT(tap)<"live">(see);
