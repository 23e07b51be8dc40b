// SPDX-License-Identifier: MIT
// expect: own
// expect: the event stays in its slot; take it by reference
// expect gcc: stage own gets std::unique_ptr<int>&, takes std::unique_ptr<int>:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<std::unique_ptr<int>>() | mr::change<"own">([](std::unique_ptr<int> RIGHT(&)) {});
