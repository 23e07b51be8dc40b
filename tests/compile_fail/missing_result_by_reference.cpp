// SPDX-License-Identifier: MIT
// expect: log
// expect: a filter in a branch may have dropped a result
// expect gcc: stage log gets const fill*, takes const fill&:
#include "cases.hpp"

[[maybe_unused]] auto p = mr::from<order>() | mr::fan_out(mr::filter<"big">(is_big) | mr::map<"price">(price), mr::tap<"see">(see)) |
                          mr::tap<"log">([](fill const WRONG(&) RIGHT(*)) {});
