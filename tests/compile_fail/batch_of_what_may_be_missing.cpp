// SPDX-License-Identifier: MIT
// expect: log
// expect: a batch is of one kind of value that is always there
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(WRONG(mr::filter<"big">(is_big) |) mr::map<"price">(price), mr::tap<"see">(see)) |
                          mr::tap<"log">([](mr::batch<fill const>) {}, mr::in_batches);
