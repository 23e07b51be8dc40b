// SPDX-License-Identifier: MIT
// Plans in which groups share workers: serial units packed on workers, those that may be shared poured into the room that is left.
// Worth an eighth on up to eight cores, nothing above sixteen.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/lane_dealing.hpp>
#include <millrace/plan/units.hpp>

namespace millrace::scheduling {

class co_host {
 public:
  /// `s`, `m` and `units` outlive it.
  co_host(stage_models const& s, machine_model const& m, unit_list const& units) : s_{s}, m_{m}, units_{units} {}

  /// A plan in which none of these workers works longer than `t * able` nanoseconds per event, by rough prices. Empty: none was found.
  /// Serial neighbours stay together as far as they fit on one worker; if they do not fit so, each is placed by itself.
  [[nodiscard]] MILLRACE_COLD auto pour(double t, std::vector<std::size_t> const& use) const -> plan {
    auto p = pour(t, use, true);
    return p.stages() != 0 ? p : pour(t, use, false);
  }

  /// The fastest that pour() finds; empty if constraints leave none.
  [[nodiscard]] MILLRACE_COLD auto fastest(std::vector<std::size_t> const& use) const -> plan {
    double sum = m_.produce, have = 0;
    auto const v = visits(s_);
    for (std::size_t i = 0; i < s_.size(); ++i) sum += v[i] * (s_[i].work + 2 * m_.far.hop + m_.far.share);
    for (auto const w : use) have += m_.able[w];
    double low = 0, high = 2 * sum / least(1, most(have, 1e-3)), best_rate = 0;
    plan best;
    for (int round = 0; round < 40 && high - low > 1e-4 * high; ++round) {
      auto const mid = (low + high) / 2;
      auto p = pour(mid, use);
      if (p.stages() == 0) {
        low = mid;
        continue;
      }
      if (auto const x = rate_of(s_, m_, p); x > best_rate) best_rate = x, best = std::move(p);  // what counts is the true price
      high = mid;
    }
    auto p = even(use);
    return p.stages() != 0 && rate_of(s_, m_, p) > best_rate ? p : best;
  }

 private:
  [[nodiscard]] MILLRACE_COLD auto pour(double t, std::vector<std::size_t> const& use, bool in_rows) const -> plan {
    filling f{plan{m_.workers(), s_.size()}, std::vector<double>(m_.workers(), -1.0), std::vector<std::uint64_t>(m_.workers(), 0)};
    for (auto const w : use) f.room[w] = t * m_.able[w] - (w == m_.producer ? m_.produce : 0);
    std::vector<run> serial, shared;
    gather(t, in_rows, serial, shared);
    for (auto const& r : serial) {
      std::size_t best = nobody;  // the narrowest that has room leaves the widest whole
      for (auto const w : use)
        if (f.takes(w, r) && f.room[w] >= r.load * 0.999999 && (best == nobody || f.room[w] < f.room[best])) best = w;
      if (best == nobody) return {};
      f.place(best, r, r.load, s_);
    }
    for (auto const& r : shared)
      if (!pour_one(f, r, t, use)) return {};
    return std::move(f.p);
  }

  struct run {
    std::uint64_t stages = 0, apart = 0;
    double load = 0, share = 0, crowd = 0;  // share: what of the load only a split costs; crowd: what each further worker adds
    double hottest = 0;
    std::size_t last = 0, most_workers = 1, pinned = nobody;
    dealing dealt = dealing::serial;
  };
  /// All of them have a like part of everything, if there is nothing serial. Where a worker has a lane or two of a stage, this is what no
  /// division among fewer comes up to.
  [[nodiscard]] MILLRACE_COLD auto even(std::vector<std::size_t> const& use) const -> plan {
    std::vector<run> serial, shared;
    gather(0, true, serial, shared);
    if (!serial.empty()) return {};
    plan p{m_.workers(), s_.size()};
    std::vector<std::uint64_t> hosts(m_.workers(), 0);
    for (auto const& r : shared) {
      auto const masks = deal_lanes(std::vector<double>(use.size(), 1.0 / static_cast<double>(use.size())), lane_shares_of(s_, r.stages));
      if (masks.empty() || r.most_workers < use.size()) return {};
      for (std::size_t k = 0; k < use.size(); ++k) {
        if ((hosts[use[k]] & r.apart) != 0) return {};
        hosts[use[k]] |= r.stages;
        for (auto m = r.stages; m != 0; m &= m - 1) p.give(use[k], static_cast<std::size_t>(std::countr_zero(m)), masks[k]);
      }
    }
    return p;
  }
  struct filling {
    plan p;
    std::vector<double> room;
    std::vector<std::uint64_t> hosts;

    [[nodiscard]] auto takes(std::size_t w, run const& r) const noexcept -> bool { return (hosts[w] & r.apart) == 0 && (r.pinned == nobody || r.pinned == w); }
    void place(std::size_t w, run const& r, double load, stage_models const& s) {
      room[w] -= load, hosts[w] |= r.stages;
      for (auto m = r.stages; m != 0; m &= m - 1) {
        auto const i = static_cast<std::size_t>(std::countr_zero(m));
        p.give(w, i, s[i].lanes());
      }
    }
  };

  MILLRACE_COLD void gather(double t, bool in_rows, std::vector<run>& serial, std::vector<run>& shared) const {
    for (std::size_t k = 0; k < units_.size(); ++k) {
      auto const& u = units_[k];
      auto& to = u.shareable() ? shared : serial;
      bool joins = !to.empty() && to.back().last + 1 == k && (to.back().apart & u.stages) == 0 && u.pinned == to.back().pinned;
      joins = joins && (u.shareable() ? u.dealt == to.back().dealt : in_rows && to.back().load + u.work <= t);
      if (joins) {
        auto& r = to.back();
        r.stages |= u.stages, r.apart |= u.apart, r.load += u.work, r.crowd += u.crowd, r.last = k;
        r.hottest = most(r.hottest, u.hottest);
        if (u.most_workers < r.most_workers) r.most_workers = u.most_workers;
      } else {
        run r{u.stages, u.apart, u.work, u.shareable() ? u.visits * m_.near.share_of(u.claims) : 0, u.crowd, u.hottest, k, u.most_workers, u.pinned, u.dealt};
        r.load += (k > 0 ? u.visits * m_.near.hop : 0) + r.share;
        to.push_back(r);
      }
    }
    for (std::size_t i = 1; i < serial.size(); ++i)  // the largest first; what is pinned before all
      for (auto k = i; k > 0 && before(serial[k], serial[k - 1]); --k) std::swap(serial[k], serial[k - 1]);
  }
  static auto before(run const& a, run const& b) noexcept -> bool {
    return (a.pinned != nobody) != (b.pinned != nobody) ? a.pinned != nobody : a.load > b.load;
  }

  [[nodiscard]] MILLRACE_COLD auto pour_one(filling& f, run const& r, double t, std::vector<std::size_t> const& use) const -> bool {
    auto const whole = r.load - r.share;
    std::size_t fit = nobody;
    for (auto const w : use)
      if (f.takes(w, r) && f.room[w] >= whole && (fit == nobody || f.room[w] < f.room[fit])) fit = w;
    if (fit != nobody) {
      f.place(fit, r, whole, s_);
      return true;
    }
    if (r.hottest * r.load > t) return false;
    std::vector<std::size_t> chosen;  // the widest rooms, one more at a time: what is shared by more takes longer
    std::vector<double> shares;
    for (double left = 1; left > 1e-9;) {
      std::size_t widest = nobody;
      for (auto const w : use) {
        bool taken = false;
        for (auto const c : chosen) taken = taken || c == w;
        if (!taken && f.takes(w, r) && (widest == nobody || f.room[w] > f.room[widest])) widest = w;
      }
      if (widest == nobody || chosen.size() == r.most_workers) return false;
      chosen.push_back(widest), shares.clear();
      auto const load = r.load + r.crowd * static_cast<double>(chosen.size() - 1);
      left = 1;
      for (auto const w : chosen) {
        auto take = f.room[w] / load;
        if (r.hottest == 0) take = static_cast<double>(static_cast<int>(take * most_lanes)) / most_lanes;  // whole lanes
        if (take < 1.0 / most_lanes) return false;
        shares.push_back(least(take, left));
        left -= shares.back();
        if (left < 1e-9) break;
      }
    }
    auto const weights = lane_shares_of(s_, r.stages);
    auto const masks = deal_lanes(shares, weights);
    if (masks.empty()) return false;
    for (std::size_t c = 0; c < shares.size(); ++c) {
      f.room[chosen[c]] -= shares[c] * (r.load + r.crowd * static_cast<double>(chosen.size() - 1)), f.hosts[chosen[c]] |= r.stages;
      for (auto m = r.stages; m != 0; m &= m - 1) f.p.give(chosen[c], static_cast<std::size_t>(std::countr_zero(m)), masks[c]);
    }
    return true;
  }

  stage_models const& s_;
  machine_model const& m_;
  unit_list const& units_;
};

}  // namespace millrace::scheduling
