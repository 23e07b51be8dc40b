// SPDX-License-Identifier: MIT
// expect: see
// expect: one changes what the other takes at the same time
// expect gcc: stage see, other stage decode:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(WRONG(mr::change<"decode">(decode)) RIGHT(mr::tap<"decode">(see)), mr::tap<"see">(see));
