// SPDX-License-Identifier: MIT
// expect: symbol
// expect: change the type of the parameter of the handler
// expect gcc: stage symbol gets const fill&, takes const order&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<WRONG(fill) RIGHT(order)>() | mr::map<"symbol">(&order::symbol);
