// SPDX-License-Identifier: MIT
// expect: risk
// expect: change the type of the parameter of the handler
// expect gcc: stage risk gets const fill&, takes const order&, int:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::map<"risk">([](WRONG(order const& f, int) RIGHT(fill const& f)) { return f.WRONG(quantity) RIGHT(price); });
