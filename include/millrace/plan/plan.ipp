// SPDX-License-Identifier: MIT
// What is wrong with a plan.
#pragma once
#include <cstddef>

#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>

namespace millrace {

MILLRACE_COMPILED void check_constraints(plan const& p, stage_list stages) {
  for (std::size_t s = 0; s < stages.size(); ++s) {
    auto const n = p.workers_of(s), most = stages[s].most;
    if (n >= stages[s].least && (most == 0 || n <= most)) continue;
    throw bad_plan{message{"stage ", stages[s].name, n < stages[s].least ? " is to have at least " : " is to have at most ", n < stages[s].least ? stages[s].least : most, " workers, and the plan gives it ", n}.text()};
  }
  for (std::size_t w = 0; w < p.workers(); ++w) {
    for (std::size_t s = 0; s < stages.size(); ++s) {
      if (p.lanes(w, s) == 0) continue;
      for (std::size_t other = 0; other < stages.size(); ++other) {
        if ((stages[s].together >> other & 1) != 0 && p.lanes(w, other) == 0)
          throw bad_plan{message{"stages ", stages[s].name, " and ", stages[other].name, " are to be together, and the plan gives only the first to worker ", w}.text()};
        if ((stages[s].apart >> other & 1) != 0 && p.lanes(w, other) != 0)
          throw bad_plan{message{"stages ", stages[s].name, " and ", stages[other].name, " are to be apart, and the plan gives both to worker ", w}.text()};
      }
    }
  }
}

MILLRACE_COMPILED void validate(plan const& p, stage_list stages, std::size_t crew_size) {
  if (p.stages() != stages.size()) throw bad_plan{message{"the plan is for ", p.stages(), " stages, the pipeline has ", stages.size()}.text()};
  if (p.workers() > crew_size) throw bad_plan{message{"the plan is for ", p.workers(), " workers, the crew has ", crew_size}.text()};
  for (std::size_t s = 0; s < stages.size(); ++s) {
    lane_mask given = 0;
    for (std::size_t w = 0; w < p.workers(); ++w) given |= p.lanes(w, s);
    if (given == stages[s].lanes) continue;
    throw bad_plan{((given & ~stages[s].lanes) != 0 ? message{"the plan gives lanes of stage ", stages[s].name, " that it does not have"}
                                                    : message{"the plan gives stage ", stages[s].name, " to no worker"})
                       .text()};
  }
  check_constraints(p, stages);
}

}  // namespace millrace
