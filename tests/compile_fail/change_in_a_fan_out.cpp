// SPDX-License-Identifier: MIT
// expect: decode
// expect: one changes what the other takes at the same time
// expect gcc: stage decode, other stage see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"see">(see), WRONG(mr::change<"decode">(decode)) RIGHT(mr::tap<"decode">(see)));
