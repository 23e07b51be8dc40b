// SPDX-License-Identifier: MIT
// From words to lane masks.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>

namespace millrace {

MILLRACE_COMPILED grouping::grouping(plan exact) : kind_{kind::exact}, exact_{std::move(exact)} {}
MILLRACE_COMPILED grouping::grouping(grouping const& other) : members_{other.members_}, groups_{other.groups_}, kind_{other.kind_}, exact_{other.exact_} {}
MILLRACE_COMPILED auto grouping::operator=(grouping const& other) -> grouping& {
  members_ = other.members_, groups_ = other.groups_, kind_ = other.kind_, exact_ = other.exact_;
  return *this;
}
MILLRACE_COMPILED grouping::~grouping() {}

MILLRACE_COMPILED auto grouping::resolve(stage_list stages, std::size_t crew_size) const -> plan {
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

MILLRACE_COMPILED void grouping::place_first_fit(plan& p, stage_list stages, std::size_t seats) {
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

MILLRACE_COMPILED auto grouping::first_fit(plan const& p, stage_list stages, std::uint64_t unit, std::size_t preferred) -> std::size_t {
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

MILLRACE_COMPILED void grouping::share_out(plan& p, stage_list stages, std::size_t s, std::size_t wanted) {
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

MILLRACE_COMPILED void grouping::place_followers(plan& p, stage_list stages) {
  for (std::size_t s = 0; s < stages.size(); ++s) {
    if (!stages[s].follows) continue;
    std::size_t w = 0;
    while (p.lanes(w, stages.leader_of(s)) == 0) ++w;
    p.give(w, s, stages[s].lanes);
  }
}

MILLRACE_COMPILED void grouping::place_groups(plan& p, stage_list stages, std::size_t crew_size) const {
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

MILLRACE_COMPILED groups::groups(std::initializer_list<std::initializer_list<std::string_view>> lists) {
  for (auto const& list : lists) {
    for (auto const& stage : list) members_.push_back({stage, groups_});
    ++groups_;
  }
}

}  // namespace millrace
