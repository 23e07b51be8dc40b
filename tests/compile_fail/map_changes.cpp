// SPDX-License-Identifier: MIT
// expect: price
// expect: only a change may take T&
// expect gcc: stage price gets const order&, takes order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">([](order WRONG(&) RIGHT(const&) o) { return o.quantity; });
