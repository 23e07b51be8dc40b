// SPDX-License-Identifier: MIT
// A plan in words: which stages share a worker. Turned into lane masks when the stages and the crew are known.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/plan/plan.hpp>

namespace millrace {

/// What may stand for a plan: `mr::fused`, `mr::spread`, `mr::groups{{"a", "b"}, {"c"}}`, or a plan in lane masks.
class grouping {
 public:
  enum class kind : std::uint8_t { fused, spread, named, exact };

  constexpr explicit grouping(kind k) noexcept : kind_{k} {}
  grouping(plan exact) : kind_{kind::exact}, exact_{std::move(exact)} {}

  /// The plan for these stages and so many workers.
  /// Throws     bad_plan if a name is unknown or repeated, a stage is in no group, or lane masks do not fit.
  [[nodiscard, gnu::cold]] auto resolve(stage_list stages, std::size_t crew_size) const -> plan {
    auto p = kind_ == kind::exact ? exact_ : plan{crew_size, stages.size()};
    if (kind_ == kind::named) {
      place_groups(p, stages, crew_size);
    } else if (kind_ != kind::exact) {
      auto const seats = kind_ == kind::fused ? 1 : crew_size < stages.size() ? crew_size : stages.size();
      for (std::size_t s = 0; s < stages.size(); ++s) p.give(s * seats / stages.size(), s, stages[s].lanes);
    }
    validate(p, stages, crew_size);
    return p;
  }

 protected:
  struct member {
    std::string_view stage;
    std::size_t group;
  };
  grouping() noexcept : kind_{kind::named} {}
  std::vector<member> members_;
  std::size_t groups_ = 0;

 private:
  // With fewer workers than groups neighbours share a worker: a pipeline runs on any number of threads.
  [[gnu::cold]] void place_groups(plan& p, stage_list stages, std::size_t crew_size) const {
    auto const seats = crew_size < groups_ ? crew_size : groups_;
    std::uint64_t placed = 0;
    for (auto const& m : members_) {
      auto const s = stages.find(m.stage);
      if (s == stages.size()) throw bad_plan{message{"no stage is called ", m.stage}.text()};
      if ((placed >> s & 1) != 0) throw bad_plan{message{"stage ", m.stage, " is named twice"}.text()};
      placed |= std::uint64_t{1} << s;
      p.give(m.group * seats / groups_, s, stages[s].lanes);
    }
    for (std::size_t s = 0; s < stages.size(); ++s)
      if ((placed >> s & 1) == 0) throw bad_plan{message{"stage ", stages[s].name, " is in no group"}.text()};
  }

  kind kind_;
  plan exact_;
};

/// Everything on one worker, as one inlined loop.
inline grouping const fused{grouping::kind::fused};
/// Contiguous groups of about the same number of stages over all workers.
inline grouping const spread{grouping::kind::spread};

/// Stages by name, each list on a worker of its own; the own source is called "source". Stages of a list need not be neighbours.
/// The names must live as long as this.
class groups : public grouping {
 public:
  [[gnu::cold]] groups(std::initializer_list<std::initializer_list<std::string_view>> lists) {
    for (auto const& list : lists) {
      for (auto const& stage : list) members_.push_back({stage, groups_});
      ++groups_;
    }
  }
};

}  // namespace millrace
