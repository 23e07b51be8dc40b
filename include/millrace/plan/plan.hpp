// SPDX-License-Identifier: MIT
// Who should run what, as a value: for each worker and stage a set of lanes. A hint: that a lane has one holder does not depend
// on it, so it may be replaced at any moment.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>
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
    for (std::size_t s = 0; worker < workers_ && s < stages_; ++s)
      if (lanes(worker, s) != 0) return true;
    return false;
  }
  /// How many workers have lanes of a stage.
  [[nodiscard]] auto workers_of(std::size_t stage) const noexcept -> std::size_t {
    std::size_t n = 0;
    for (std::size_t w = 0; w < workers_; ++w) n += lanes(w, stage) != 0 ? 1 : 0;
    return n;
  }
  void take_away(std::size_t worker, std::size_t stage) noexcept { lanes_[worker * stages_ + stage] = 0; }
  /// The workers, as bits, to which `other` gives something else. Both are for the same stages, or one of them is empty.
  [[nodiscard]] auto differs_for(plan const& other) const noexcept -> std::uint64_t {
    std::uint64_t mask = 0;
    auto const of = [](plan const& p, std::size_t w, std::size_t s) { return w < p.workers_ && s < p.stages_ ? p.lanes(w, s) : 0; };
    for (std::size_t w = 0; w < workers_ || w < other.workers_; ++w)
      for (std::size_t s = 0; s < stages_ || s < other.stages_; ++s)
        if (of(*this, w, s) != of(other, w, s)) mask |= std::uint64_t{1} << w;
    return mask;
  }
  auto operator==(plan const& other) const noexcept -> bool {
    if (workers_ != other.workers_ || stages_ != other.stages_) return false;
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      if (lanes_[i] != other.lanes_[i]) return false;
    return true;
  }

 private:
  std::size_t workers_ = 0, stages_ = 0;
  std::vector<lane_mask> lanes_;
};

/// A stage as far as plans know it.
struct planned_stage {
  std::string_view name{};
  lane_mask lanes = 1;          // all that it has
  std::uint64_t together = 0;   // stages that share its worker, as bits
  std::uint64_t apart = 0;      // stages that must not
  bool follows = false;         // nobody names it: it goes where the named stage before it goes, or the first one if there is none before
  bool pool = false;            // whichever of its workers has time takes lanes: each of them is given all
  std::size_t least = 1;        // workers, at least,
  std::size_t most = 0;         // and at most; 0: any number
};
/// The stages of a pipeline. A view.
struct stage_list {
  planned_stage const* first;
  std::size_t count;

  [[nodiscard]] auto size() const noexcept -> std::size_t { return count; }
  [[nodiscard]] auto operator[](std::size_t s) const noexcept -> planned_stage const& { return first[s]; }
  /// The number of the stage of this name; size() if there is none.
  [[nodiscard]] auto find(std::string_view name) const noexcept -> std::size_t {
    std::size_t s = 0;
    while (s < count && first[s].name != name) ++s;
    return s;
  }
  /// The stage that goes first where stage `s`, which nobody names, follows.
  [[nodiscard]] auto leader_of(std::size_t s) const noexcept -> std::size_t {
    auto l = s;
    while (l != 0 && first[l].follows) --l;
    while (first[l].follows) ++l;  // somebody is named
    return l;
  }
};

/// Throws     bad_plan unless every stage's constraints hold: a worker that has a lane of one has all the others that belong together
///            with it, and none that is to be apart; and as many workers have one as it says.
void check_constraints(plan const& p, stage_list stages);

/// Throws     bad_plan unless `p` fits the crew and the stages, and every lane has somebody to run it: a lane in nobody's hands
///            would stall the pipeline for ever. (Two workers with one lane are harmless: one of them gets it.)
void validate(plan const& p, stage_list stages, std::size_t crew_size);

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/plan/plan.ipp>
#endif
