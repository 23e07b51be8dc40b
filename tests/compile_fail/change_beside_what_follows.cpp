// SPDX-License-Identifier: MIT
// expect: decode
// expect: one changes what the other takes at the same time
// expect gcc: stage decode, other stage see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::tap<"first">(see) | mr::tap<"see">(see) | WRONG(mr::after<"first">) RIGHT(mr::after<"see">) | mr::change<"decode">(decode);
