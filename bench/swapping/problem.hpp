// SPDX-License-Identifier: MIT
// What do changes cost that gain nothing? Two workers swap all their stages a hundred times a second, or leave it: slices of a
// tenth of a second take turns within one run, and each pair gives one ratio.
#pragma once

#include "support/problem.hpp"

namespace bench::swapping {

inline constexpr topology topic{.name = "swapping",
                                .title = "equal plans swapped 100 times a second",
                                .order = 8,
                                .events = 24,  // pairs of slices
                                .few = 2,
                                .scales = false,
                                .quantities = {{{"without", "M/s", true, false}, {"with", "M/s", true, false}, {"with against without, median of pairs", "ratio", true, false}}}};

}  // namespace bench::swapping
