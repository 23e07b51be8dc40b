// SPDX-License-Identifier: MIT
// expect: big
// expect: change the type of the parameter of the handler
// expect gcc: stage big gets const fill&, takes const order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::map<"price">(price) | mr::filter<"big">(WRONG(is_big) RIGHT([](fill const& f) { return f.price > 100; }));
