// SPDX-License-Identifier: MIT
// Random plans, and how they are written.
#pragma once
#include <algorithm>
#include <cstddef>

#include <millrace/plan/grouping.hpp>

#include "storm/dice.hpp"

namespace storm {

/// Groups that are not known before the program runs: each stage is in one; one with many lanes sometimes in several.
class drawn_groups : public millrace::grouping {
 public:
  drawn_groups(dice& d, millrace::stage_list stages, std::size_t count) {
    groups_ = count;
    for (std::size_t s = 0; s < stages.size(); ++s) {
      auto const home = d.below(count);
      for (std::size_t g = 0; g < count; ++g)
        if (g == home || (stages[s].lanes != 1 && d.one_in(3))) members_.push_back({stages[s].name, g});
    }
  }
};

/// Gives stage `s` to as many workers as it may have: all lanes to each of them, or some.
inline void share_out(dice& d, millrace::plan& p, millrace::planned_stage const& stage, std::size_t s) {
  auto const most = stage.most == 0 || stage.most > p.workers() ? p.workers() : stage.most;
  auto const n = d.between(std::min(stage.least, most), most), first = d.below(p.workers());
  bool const all = d.one_in(2);
  for (std::size_t k = 0; k < n; ++k) p.give((first + k) % p.workers(), s, all ? stage.lanes : millrace::lanes_between(k * millrace::most_lanes / n, (k + 1) * millrace::most_lanes / n));
}

/// Fused, spread, groups of any stages, each stage on any worker, stages on several workers at once, as many as they may have or any. Where
/// a stage has many lanes each of them is somebody's.
inline auto draw_plan(dice& d, millrace::stage_list stages, std::size_t workers) -> millrace::grouping {
  millrace::plan p{workers, stages.size()};
  switch (d.below(7)) {
    case 0: return millrace::fused;
    case 1: return millrace::spread;
    case 2: return drawn_groups{d, stages, d.between(1, stages.size())};
    case 3: {  // one worker, whichever
      auto const who = d.below(workers);
      for (std::size_t s = 0; s < stages.size(); ++s) p.give(who, s, stages[s].lanes);
      return p;
    }
    case 4: {  // several may want a stage: one of them gets it
      for (std::size_t s = 0; s < stages.size(); ++s)
        for (auto n = d.between(1, workers); n > 0; --n) p.give(d.below(workers), s, stages[s].lanes);
      return p;
    }
    case 5: {
      for (std::size_t s = 0; s < stages.size(); ++s) {
        if (stages[s].lanes == 1) p.give(d.below(workers), s, 1);
        else share_out(d, p, stages[s], s);
      }
      return p;
    }
    default: {
      for (std::size_t s = 0; s < stages.size(); ++s)
        for (auto rest = stages[s].lanes; rest != 0;) {
          auto const some = d.one_in(3) ? rest : rest & d.next();
          p.give(d.below(workers), s, some);
          rest &= ~some;
        }
      return p;
    }
  }
}
/// One that leaves a stage to nobody.
inline auto draw_bad_plan(dice& d, millrace::stage_list stages, std::size_t workers) -> millrace::grouping {
  millrace::plan p{workers, stages.size()};
  auto const lost = d.below(stages.size());
  for (std::size_t s = 0; s < stages.size(); ++s)
    if (s != lost) p.give(d.below(workers), s, stages[s].lanes);
  return p;
}

}  // namespace storm
