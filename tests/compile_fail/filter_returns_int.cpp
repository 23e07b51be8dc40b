// SPDX-License-Identifier: MIT
// expect: live
// expect: return bool, or write mr::map
// expect gcc: stage live, returns int:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::filter<"live">([](order const& o) { return o.quantity RIGHT(> 0); });
