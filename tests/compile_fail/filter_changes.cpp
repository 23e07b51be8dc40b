// SPDX-License-Identifier: MIT
// expect: big
// expect: only a change may take T&
// expect gcc: stage big gets const order&, takes order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::filter<"big">([](order WRONG(&) RIGHT(const&) o) { return o.quantity > 1; });
