// SPDX-License-Identifier: MIT
// A plan in words: which stages share a worker. Turned into lane masks when the stages and the crew are known.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/plan.hpp>

namespace millrace {

/// What may stand for a plan: `mr::fused`, `mr::spread`, `mr::groups{{"a", "b"}, {"c"}}`, or a plan in lane masks.
class grouping {
 public:
  enum class kind : std::uint8_t { fused, spread, named, exact };

  constexpr explicit grouping(kind k) noexcept : kind_{k} {}
  grouping(plan exact);
  grouping(grouping const&);
  auto operator=(grouping const&) -> grouping&;
  ~grouping();

  /// The plan for these stages and so many workers. `fused` and `spread` keep to the constraints of the pipeline; what is spelled
  /// out has to.
  /// Throws     bad_plan if a name is unknown or repeated, a stage is in no group, lane masks do not fit, or constraints do not hold.
  [[nodiscard]] auto resolve(stage_list stages, std::size_t crew_size) const -> plan;

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
  static void place_first_fit(plan& p, stage_list stages, std::size_t seats);
  static auto first_fit(plan const& p, stage_list stages, std::uint64_t unit, std::size_t preferred) -> std::size_t;
  // To so many workers: to the least of them at any rate, to more only if they have nothing else.
  static void share_out(plan& p, stage_list stages, std::size_t s, std::size_t wanted);
  // Stages that nobody names go to the first worker of those that they follow.
  static void place_followers(plan& p, stage_list stages);
  // With fewer workers than groups neighbours share a worker: a pipeline runs on any number of threads. A stage that may be shared may
  // stand in several groups: each gets a part of its lanes, neighbours together; or all of them, if its workers share them out themselves.
  void place_groups(plan& p, stage_list stages, std::size_t crew_size) const;

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
  groups(std::initializer_list<std::initializer_list<std::string_view>> lists);
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/plan/grouping.ipp>
#endif
