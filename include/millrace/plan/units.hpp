// SPDX-License-Identifier: MIT
// Constraints, made into the order in which stages are grouped: a unit is a set of stages that one worker always has together.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>
#include <millrace/plan/cost_model.hpp>

namespace millrace::scheduling {

/// Stages that go to workers as one.
struct unit {
  std::uint64_t stages = 0;
  std::uint64_t apart = 0;  // from these stages
  dealing dealt = dealing::serial;
  std::size_t most_workers = 1, pinned = nobody;
  double work = 0, crowd = 0;  // per event of the producer; crowd: of it, what each further worker adds
  double visits = 1;           // of its first stage
  double hottest = 0;          // 0: lanes are even
  bool claims = true;          // its workers share its lanes out by claims

  [[nodiscard]] auto shareable() const noexcept -> bool { return most_workers > 1; }
};
/// Units in the order of their first stages. Stages that belong together need not be neighbours.
using unit_list = std::vector<unit>;

/// Throws     bad_plan if stages are to be together and apart, or together on two workers.
[[nodiscard]] MILLRACE_COLD inline auto units_of(stage_models const& s) -> unit_list {
  auto const n = s.size();
  auto const v = visits(s);
  std::vector<std::uint64_t> with(n);
  for (std::size_t i = 0; i < n; ++i) {
    with[i] |= bit(i) | s[i].together;
    for (std::size_t j = 0; j < n; ++j)
      if ((s[i].together >> j & 1) != 0 || (s[i].pinned != nobody && s[i].pinned == s[j].pinned)) with[i] |= bit(j), with[j] |= bit(i);
  }
  for (std::size_t k = 0; k < n; ++k)  // together with whoever is together with it
    for (std::size_t i = 0; i < n; ++i)
      if ((with[i] >> k & 1) != 0) with[i] |= with[k];
  unit_list units;
  std::uint64_t placed = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if ((placed >> i & 1) != 0) continue;
    unit u;
    u.stages = with[i];
    placed |= u.stages;
    u.dealt = s[i].dealt;
    u.visits = v[i];
    bool shareable = true;
    u.most_workers = most_lanes;
    for (auto m = u.stages; m != 0; m &= m - 1) {
      auto const j = static_cast<std::size_t>(std::countr_zero(m));
      shareable = shareable && s[j].shareable() && s[j].dealt == u.dealt;
      if (s[j].most_workers < u.most_workers) u.most_workers = s[j].most_workers;
      if (s[j].pinned != nobody && u.pinned != nobody && s[j].pinned != u.pinned)
        throw bad_plan{message{"stages ", i, " and ", j, " are to be together, and are pinned to different workers"}.text()};
      if (s[j].pinned != nobody) u.pinned = s[j].pinned;
      u.apart |= s[j].apart;
      u.claims = u.claims && s[j].levels;
      u.work += s[j].work * v[j];
      u.crowd += s[j].work * v[j] * s[j].crowding;
      if (s[j].lane_shares.size() == most_lanes) u.hottest = most(u.hottest, s[j].hottest());
    }
    if (!shareable) u.dealt = dealing::serial, u.most_workers = 1, u.hottest = 0;
    if ((u.apart & u.stages) != 0) throw bad_plan{message{"stage ", i, " is to be together with stages and apart from one of them"}.text()};
    units.push_back(u);
  }
  for (auto& u : units)  // apart is mutual, and what is pinned to different workers is apart
    for (auto& other : units)
      if (&u != &other && ((u.apart & other.stages) != 0 || (u.pinned != nobody && other.pinned != nobody)))
        u.apart |= other.stages, other.apart |= u.stages;
  return units;
}

/// What the stages of `group` read from stages outside of it, in events per event of the producer; of the producer itself apart.
struct intake {
  double stages = 0, producer = 0;
};
[[nodiscard]] MILLRACE_COLD inline auto intake_of(stage_models const& s, std::vector<double> const& v, std::uint64_t group) -> intake {
  std::uint64_t read = 0;
  intake in;
  for (auto m = group; m != 0; m &= m - 1) {
    auto const i = static_cast<std::size_t>(std::countr_zero(m));
    auto const r = read_by(s, i);
    read |= r;
    if (r == 0) in.producer = 1;
  }
  for (read &= ~group; read != 0; read &= read - 1) {
    auto const q = static_cast<std::size_t>(std::countr_zero(read));
    in.stages += v[q] * s[q].selectivity;
  }
  return in;
}

}  // namespace millrace::scheduling
