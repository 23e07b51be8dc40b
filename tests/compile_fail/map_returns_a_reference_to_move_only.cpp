// SPDX-License-Identifier: MIT
// expect: name
// expect: cannot be copied; return by value, or a pointer
// expect gcc: stage name, returns const std::unique_ptr<int>&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<owner>() | mr::map<"name">([](owner const& o) -> WRONG(auto const&) RIGHT(auto*) { return WRONG(o.what) RIGHT(o.what.get()); });
