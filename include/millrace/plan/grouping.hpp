// SPDX-License-Identifier: MIT
// A plan in words: which stages share a worker. Turned into lane masks when the stages and the crew are known.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
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

  /// The plan for these stages and so many workers. `fused` and `spread` keep to the constraints of the pipeline; what is spelled
  /// out has to.
  /// Throws     bad_plan if a name is unknown or repeated, a stage is in no group, lane masks do not fit, or constraints do not hold.
  [[nodiscard]] MILLRACE_COLD auto resolve(stage_list stages, std::size_t crew_size) const -> plan {
    auto p = kind_ == kind::exact ? exact_ : plan{crew_size, stages.size()};
    if (kind_ == kind::named) {
      place_groups(p, stages, crew_size);
    } else if (kind_ != kind::exact) {
      auto const seats = kind_ == kind::fused ? 1 : crew_size < stages.size() ? crew_size : stages.size();
      place_first_fit(p, stages, seats);
      for (std::size_t s = 0; s < stages.size(); ++s)
        if (stages[s].least > 1 || stages[s].most > 1) share_out(p, stages, s, kind_ == kind::spread ? stages[s].most : stages[s].least);
    }
    if (kind_ != kind::exact) place_followers(p, stages);
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
  // Each stage, with all that belong together with it, on the worker where it would be without constraints; if one is there that it is
  // to be apart from, on the next where none is.
  MILLRACE_COLD static void place_first_fit(plan& p, stage_list stages, std::size_t seats) {
    std::uint64_t placed = 0;
    for (std::size_t s = 0; s < stages.size(); ++s) {
      if (stages[s].follows || (placed >> s & 1) != 0) continue;
      auto const unit = stages[s].together | std::uint64_t{1} << s;
      auto const seat = first_fit(p, stages, unit, s * seats / stages.size());
      if (seat == p.workers()) throw bad_plan{message{"no worker is left for stage ", stages[s].name, ", which is to be apart from others; the crew has ", p.workers()}.text()};
      for (auto m = unit; m != 0; m &= m - 1) p.give(seat, static_cast<std::size_t>(std::countr_zero(m)), stages[static_cast<std::size_t>(std::countr_zero(m))].lanes);
      placed |= unit;
    }
  }
  MILLRACE_COLD static auto first_fit(plan const& p, stage_list stages, std::uint64_t unit, std::size_t preferred) -> std::size_t {
    std::uint64_t apart = 0;
    for (auto m = unit; m != 0; m &= m - 1) apart |= stages[static_cast<std::size_t>(std::countr_zero(m))].apart;
    for (std::size_t i = 0; i < p.workers(); ++i) {
      auto const seat = (preferred + i) % p.workers();
      bool fits = true;
      for (std::size_t s = 0; s < stages.size(); ++s) fits = fits && ((apart >> s & 1) == 0 || p.lanes(seat, s) == 0);
      if (fits) return seat;
    }
    return p.workers();
  }
  // To so many workers: to the least of them at any rate, to more only if they have nothing else.
  [[gnu::cold]] static void share_out(plan& p, stage_list stages, std::size_t s, std::size_t wanted) {
    std::uint64_t mine = 0;
    std::size_t n = 0;
    auto const add = [&](std::size_t w) { mine |= std::uint64_t{1} << w, ++n; };
    for (std::size_t w = 0; w < p.workers(); ++w)
      if (p.lanes(w, s) != 0) add(w);
    for (std::size_t w = 0; w < p.workers() && n < wanted; ++w)
      if (!p.employs(w)) add(w);
    for (std::size_t w = 0; w < p.workers() && n < stages[s].least; ++w) {
      bool fits = (mine >> w & 1) == 0;
      for (std::size_t other = 0; other < stages.size(); ++other) fits = fits && ((stages[s].apart >> other & 1) == 0 || p.lanes(w, other) == 0);
      if (fits) add(w);
    }
    if (n < stages[s].least) throw bad_plan{message{"stage ", stages[s].name, " is to have at least ", stages[s].least, " workers; the crew has ", p.workers()}.text()};
    for (std::size_t k = 0; mine != 0; mine &= mine - 1, ++k) {
      auto const w = static_cast<std::size_t>(std::countr_zero(mine));
      p.take_away(w, s);
      p.give(w, s, stages[s].pool ? stages[s].lanes : lanes_between(k * most_lanes / n, (k + 1) * most_lanes / n));
    }
  }
  // Stages that nobody names go to the first worker of those that they follow.
  MILLRACE_COLD static void place_followers(plan& p, stage_list stages) {
    for (std::size_t s = 0; s < stages.size(); ++s) {
      if (!stages[s].follows) continue;
      std::size_t w = 0;
      while (p.lanes(w, stages.leader_of(s)) == 0) ++w;
      p.give(w, s, stages[s].lanes);
    }
  }
  // With fewer workers than groups neighbours share a worker: a pipeline runs on any number of threads. A stage that may be shared may
  // stand in several groups: each gets a part of its lanes, neighbours together; or all of them, if its workers share them out themselves.
  MILLRACE_COLD void place_groups(plan& p, stage_list stages, std::size_t crew_size) const {
    auto const seats = crew_size < groups_ ? crew_size : groups_;
    std::uint64_t placed = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto const& m = members_[i];
      auto const s = stages.find(m.stage);
      if (s == stages.size()) throw bad_plan{message{"no stage is called ", m.stage}.text()};
      std::size_t shares = 0, before = 0;
      for (std::size_t k = 0; k < members_.size(); ++k)
        if (members_[k].stage == m.stage) {
          if (k != i && members_[k].group == m.group) throw bad_plan{message{"stage ", m.stage, " is named twice"}.text()};
          ++shares, before += k < i ? 1 : 0;
        }
      auto const lanes = static_cast<std::size_t>(std::popcount(stages[s].lanes));
      if (shares > 1 && lanes == 1) throw bad_plan{message{"stage ", m.stage, " is named twice, and one worker at a time can run it"}.text()};
      if (shares > lanes) throw bad_plan{message{"stage ", m.stage, " is to be shared by ", shares, " workers, and has ", lanes, " lanes"}.text()};
      placed |= std::uint64_t{1} << s;
      p.give(m.group * seats / groups_, s, stages[s].pool ? stages[s].lanes : lanes_between(before * lanes / shares, (before + 1) * lanes / shares));
    }
    for (std::size_t s = 0; s < stages.size(); ++s)
      if ((placed >> s & 1) == 0 && !stages[s].follows) throw bad_plan{message{"stage ", stages[s].name, " is in no group"}.text()};
  }

  kind kind_;
  plan exact_;
};

/// Everything on one worker, as one inlined loop; but for stages that are to be apart.
inline grouping const fused{grouping::kind::fused};
/// Contiguous groups of about the same number of stages over all workers.
inline grouping const spread{grouping::kind::spread};

/// Stages by name, each list on a worker of its own; the own source is called "source". Stages of a list need not be neighbours. A stage
/// that may be shared (mr::keyed_by, mr::stateless) may stand in several lists: `mr::groups{{"parse", "match"}, {"match"}, {"publish"}}`.
/// The names must live as long as this.
class groups : public grouping {
 public:
  MILLRACE_COLD groups(std::initializer_list<std::initializer_list<std::string_view>> lists) {
    for (auto const& list : lists) {
      for (auto const& stage : list) members_.push_back({stage, groups_});
      ++groups_;
    }
  }
};

}  // namespace millrace
