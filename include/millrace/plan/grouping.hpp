// SPDX-License-Identifier: MIT
// A plan in words: which stages share a worker. Turned into lane masks when the stages and the crew are known.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  [[nodiscard]] auto resolve(std::vector<planned_stage> const& stages, std::size_t crew_size) const -> plan {
    auto p = kind_ == kind::exact ? exact_ : plan{crew_size, stages.size()};
    if (kind_ == kind::fused) {
      for (std::size_t s = 0; s < stages.size(); ++s) p.give(0, s, stages[s].lanes);
    } else if (kind_ == kind::spread) {
      auto const groups = crew_size < stages.size() ? crew_size : stages.size();
      for (std::size_t s = 0; s < stages.size(); ++s) p.give(s * groups / stages.size(), s, stages[s].lanes);
    } else if (kind_ == kind::named) {
      place_groups(p, stages, crew_size);
    }
    validate(p, stages, crew_size);
    return p;
  }

 protected:
  explicit grouping(std::vector<std::vector<std::string>> named) : kind_{kind::named}, named_{std::move(named)} {}

 private:
  // With fewer workers than groups neighbours share a worker: a pipeline runs on any number of threads.
  void place_groups(plan& p, std::vector<planned_stage> const& stages, std::size_t crew_size) const {
    auto const seats = crew_size < named_.size() ? crew_size : named_.size();
    std::vector<bool> placed(stages.size());
    for (std::size_t g = 0; g < named_.size(); ++g) {
      for (auto const& name : named_[g]) {
        auto const s = index_of_stage(stages, name);
        if (s == stages.size()) throw bad_plan{"millrace: no stage is called " + name};
        if (placed[s]) throw bad_plan{"millrace: stage " + name + " is in two groups"};
        placed[s] = true;
        p.give(g * seats / named_.size(), s, stages[s].lanes);
      }
    }
    for (std::size_t s = 0; s < stages.size(); ++s)
      if (!placed[s]) throw bad_plan{"millrace: stage " + std::string{stages[s].name} + " is in no group"};
  }
  static auto index_of_stage(std::vector<planned_stage> const& stages, std::string_view name) -> std::size_t {
    std::size_t s = 0;
    while (s < stages.size() && stages[s].name != name) ++s;
    return s;
  }

  kind kind_;
  std::vector<std::vector<std::string>> named_;
  plan exact_;
};

/// Everything on one worker, as one inlined loop.
inline grouping const fused{grouping::kind::fused};
/// Contiguous groups of about the same number of stages over all workers.
inline grouping const spread{grouping::kind::spread};

/// Stages by name, each list on a worker of its own; the own source is called "source". Stages of a list need not be neighbours.
class groups : public grouping {
 public:
  groups(std::initializer_list<std::initializer_list<char const*>> lists) : grouping{copy(lists)} {}

 private:
  static auto copy(std::initializer_list<std::initializer_list<char const*>> lists) -> std::vector<std::vector<std::string>> {
    std::vector<std::vector<std::string>> named;
    for (auto const& list : lists) named.emplace_back(list.begin(), list.end());
    return named;
  }
};

}  // namespace millrace
