// SPDX-License-Identifier: MIT
// Who should run what, as a value: for each worker and stage a set of lanes. A hint: that a lane has one holder does not depend
// on it, so it may be replaced at any moment.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <millrace/base/errors.hpp>
#include <millrace/sync/lanes.hpp>

namespace millrace {

/// Lane masks by worker and stage. Stages are numbered in the order of the sentence; an own source is stage 0.
class plan {
 public:
  plan() = default;
  plan(std::size_t crew_size, std::size_t stage_count) : workers_{crew_size}, stages_{stage_count}, lanes_(crew_size * stage_count) {}

  [[nodiscard]] auto workers() const noexcept -> std::size_t { return workers_; }
  [[nodiscard]] auto stages() const noexcept -> std::size_t { return stages_; }
  [[nodiscard]] auto lanes(std::size_t worker, std::size_t stage) const noexcept -> lane_mask { return lanes_[worker * stages_ + stage]; }
  void give(std::size_t worker, std::size_t stage, lane_mask mask) noexcept { lanes_[worker * stages_ + stage] |= mask; }
  /// Whether the plan has anything for this worker.
  [[nodiscard]] auto employs(std::size_t worker) const noexcept -> bool {
    for (std::size_t s = 0; s < stages_; ++s)
      if (lanes(worker, s) != 0) return true;
    return false;
  }
  auto operator==(plan const&) const noexcept -> bool = default;

 private:
  std::size_t workers_ = 0, stages_ = 0;
  std::vector<lane_mask> lanes_;
};

/// A stage as far as plans know it.
struct planned_stage {
  std::string_view name;
  lane_mask lanes = 1;  // all that it has
};

/// Throws     bad_plan unless `p` fits the crew and the stages, and every lane has somebody to run it: a lane in nobody's hands
///            would stall the pipeline for ever. (Two workers with one lane are harmless: one of them gets it.)
inline void validate(plan const& p, std::vector<planned_stage> const& stages, std::size_t crew_size) {
  if (p.stages() != stages.size())
    throw bad_plan{"millrace: the plan is for " + std::to_string(p.stages()) + " stages, the pipeline has " + std::to_string(stages.size())};
  if (p.workers() > crew_size)
    throw bad_plan{"millrace: the plan is for " + std::to_string(p.workers()) + " workers, the crew has " + std::to_string(crew_size)};
  for (std::size_t s = 0; s < stages.size(); ++s) {
    lane_mask given = 0;
    for (std::size_t w = 0; w < p.workers(); ++w) given |= p.lanes(w, s);
    if ((given & ~stages[s].lanes) != 0) throw bad_plan{"millrace: the plan gives lanes of stage " + std::string{stages[s].name} + " that it does not have"};
    if (given != stages[s].lanes) throw bad_plan{"millrace: the plan gives stage " + std::string{stages[s].name} + " to no worker"};
  }
}

}  // namespace millrace
