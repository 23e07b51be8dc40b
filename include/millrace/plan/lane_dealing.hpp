// SPDX-License-Identifier: MIT
// Lanes of a split stage, dealt to workers in given shares.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>

namespace millrace::scheduling {

/// A mask for each share, so that each has about that share of the events: lanes beside each other where all are alike, else the
/// busiest lane first to whoever lacks most. The shares add up to 1. Empty if there are more shares than lanes, or one gets none.
[[nodiscard]] MILLRACE_COLD inline auto deal_lanes(std::vector<double> const& shares, std::vector<double> const& lane_shares) -> std::vector<lane_mask> {
  std::vector<lane_mask> masks(shares.size(), 0);
  if (shares.size() > most_lanes) return {};
  if (lane_shares.size() != most_lanes) {
    double sum = 0;
    std::size_t lane = 0;
    for (std::size_t w = 0; w < shares.size(); ++w) {
      sum += shares[w];
      auto end = w + 1 == shares.size() ? most_lanes : static_cast<std::size_t>(sum * most_lanes + 0.5);
      for (; lane < end && lane < most_lanes; ++lane) masks[w] |= bit(lane);
    }
  } else {
    std::array<std::size_t, most_lanes> order{};
    for (std::size_t l = 0; l < most_lanes; ++l) {
      auto at = l;
      for (; at > 0 && lane_shares[order[at - 1]] < lane_shares[l]; --at) order[at] = order[at - 1];
      order[at] = l;
    }
    auto left = shares;
    for (auto const l : order) {
      std::size_t to = 0;
      for (std::size_t w = 1; w < left.size(); ++w)
        if (left[w] > left[to]) to = w;
      masks[to] |= bit(l);
      left[to] -= lane_shares[l];
    }
  }
  for (auto const m : masks)
    if (m == 0) return {};
  return masks;
}

/// The lanes' shares that a set of stages has in common: those of the first that has any.
[[nodiscard]] inline auto lane_shares_of(stage_models const& s, std::uint64_t stages) -> std::vector<double> {
  for (std::size_t i = 0; i < s.size(); ++i)
    if ((stages >> i & 1) != 0 && s[i].lane_shares.size() == most_lanes) return s[i].lane_shares;
  return {};
}

}  // namespace millrace::scheduling
