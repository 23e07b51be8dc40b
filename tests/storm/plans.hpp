// SPDX-License-Identifier: MIT
// Random plans, and how they are written.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <millrace/plan/grouping.hpp>

#include "storm/dice.hpp"

namespace storm {

/// Groups that are not known before the program runs.
class drawn_groups : public millrace::grouping {
 public:
  /// `group_of` says for each stage in which of `count` groups it is.
  drawn_groups(std::vector<std::string_view> const& stages, std::vector<std::size_t> const& group_of, std::size_t count) {
    for (std::size_t g = 0; g < count; ++g)
      for (std::size_t s = 0; s < stages.size(); ++s)
        if (group_of[s] == g) members_.push_back({stages[s], g});
    groups_ = count;
  }
};

/// Fused, spread, groups of any stages, each stage on any worker, stages on several workers at once. Where a stage has many lanes each of
/// them is somebody's. `lanes` are those of each stage.
inline auto draw_plan(dice& d, std::vector<std::string_view> const& stages, std::vector<millrace::lane_mask> const& lanes, std::size_t workers) -> millrace::grouping {
  switch (d.below(6)) {
    case 0: return millrace::fused;
    case 1: return millrace::spread;
    case 2: {
      auto const count = d.between(1, stages.size());
      std::vector<std::size_t> group_of;
      for (std::size_t s = 0; s < stages.size(); ++s) group_of.push_back(d.below(count));
      return drawn_groups{stages, group_of, count};
    }
    case 3: {  // one worker, whichever
      millrace::plan p{workers, stages.size()};
      auto const who = d.below(workers);
      for (std::size_t s = 0; s < stages.size(); ++s) p.give(who, s, lanes[s]);
      return p;
    }
    case 4: {  // several may want a stage: one of them gets it
      millrace::plan p{workers, stages.size()};
      for (std::size_t s = 0; s < stages.size(); ++s)
        for (auto n = d.between(1, workers); n > 0; --n) p.give(d.below(workers), s, lanes[s]);
      return p;
    }
    default: {
      millrace::plan p{workers, stages.size()};
      for (std::size_t s = 0; s < stages.size(); ++s)
        for (auto rest = lanes[s]; rest != 0;) {
          auto const some = d.one_in(3) ? rest : rest & d.next();
          p.give(d.below(workers), s, some);
          rest &= ~some;
        }
      return p;
    }
  }
}
/// One that leaves a stage to nobody.
inline auto draw_bad_plan(dice& d, std::vector<millrace::lane_mask> const& lanes, std::size_t workers) -> millrace::grouping {
  millrace::plan p{workers, lanes.size()};
  auto const lost = d.below(lanes.size());
  for (std::size_t s = 0; s < lanes.size(); ++s)
    if (s != lost) p.give(d.below(workers), s, lanes[s]);
  return p;
}

}  // namespace storm
