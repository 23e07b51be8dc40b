// SPDX-License-Identifier: MIT
// Five stages on one worker, and six times the load from one moment to the next: more than one worker can do. How long until the plan
// changes, and until what comes out is within 5 % of what comes out in the end? A run has one step for each event of the load.
#pragma once

#include <algorithm>
#include <vector>

#include "support/problem.hpp"

namespace bench::load_step {

inline constexpr topology topic{.name = "load_step",
                                .title = "six times the load: until the plan changes, until the rate has settled",
                                .order = 8,
                                .events = 20,
                                .few = 1,
                                .scales = false,
                                .quantities = {{{"first change, median", "ms", false, false}, {"first change, longest", "ms", false, false}, {"settled, median", "ms", false, false}}}};

inline auto middle(std::vector<double> all) -> double {
  std::sort(all.begin(), all.end());
  return all.empty() ? 0 : all[all.size() / 2];
}

}  // namespace bench::load_step
