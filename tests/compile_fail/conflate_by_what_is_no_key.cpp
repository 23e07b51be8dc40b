// SPDX-License-Identifier: MIT
// expect: order
// expect: what mr::conflate_by calls takes an event as T const& and returns its key
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>(mr::on_full(mr::conflate_by(WRONG(&fill::price) RIGHT(&order::symbol)))) | mr::tap<"see">(see);
