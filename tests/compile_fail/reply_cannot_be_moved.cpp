// SPDX-License-Identifier: MIT
// expect: this cannot be moved
#include <millrace.hpp>

#include "cases.hpp"

void go() { mr::runner run{mr::from<order>(mr::replies) | mr::map<"pin">([](order const&) { return pinned{}; }) RIGHT(| mr::map<"done">([](pinned const&) { return true; }))}; }
