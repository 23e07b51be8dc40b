// SPDX-License-Identifier: MIT
// expect: see
// expect: a stage of this name exists already
// expect gcc: stage see:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::tap<"see">(see), mr::map<"price">(price) | mr::tap<WRONG("see") RIGHT("log")>(see_fill));
