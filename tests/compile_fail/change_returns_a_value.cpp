// SPDX-License-Identifier: MIT
// expect: doubled
// expect: what it returns is lost; assign to the parameter, or write mr::map
// expect gcc: stage doubled, returns order:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::WRONG(change) RIGHT(map)<"doubled">([](order const& o) { return order{o.symbol, 2 * o.quantity}; });
