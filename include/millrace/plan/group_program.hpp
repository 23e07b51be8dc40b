// SPDX-License-Identifier: MIT
// The best plan of contiguous groups, each on workers of its own, by dynamic programming: the fewest workers for a rate, and by
// bisection over it the highest rate.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/units.hpp>

namespace millrace::scheduling {

/// Units first .. last on `degree` workers.
struct unit_group {
  std::size_t first = 0, last = 0, degree = 1;
  bool beside_producer = false;
  auto operator==(unit_group const&) const -> bool = default;
};
using unit_groups = std::vector<unit_group>;

/// 64 lanes on r workers: the busiest has ceil(64 / r). Only these degrees shorten it.
inline constexpr std::array<std::size_t, 15> useful_degrees{1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 13, 16, 22, 32, 64};

class group_program {
 public:
  /// Costs      units^2 * stages; keeps copies of nothing: `s` and `units` outlive it.
  MILLRACE_COLD group_program(stage_models const& s, machine_model const& m, unit_list const& units) : units_{units.size()}, produce_{m.produce}, costs_(units.size() * units.size()) {
    auto const v = visits(s);
    std::vector<std::size_t> population(m.caches(), 0);
    for (std::size_t w = 0; w < m.workers(); ++w) ++population[m.cache_of(w)];
    if (m.caches() > 1)
      for (auto const p : population)
        if (p > 0 && (cache_size_ == 0 || p < cache_size_)) cache_size_ = p;
    near_ = m.near, far_ = m.far;
    knows_producer_ = m.producer != nobody;
    for (std::size_t a = 0; a < units_; ++a) {
      cost c;
      std::uint64_t apart = 0, stages = 0;
      for (std::size_t b = a; b < units_; ++b) {
        auto const& u = units[b];
        c.legal = c.legal && (apart & u.stages) == 0;
        c.most_workers = b == a || (u.shareable() && u.dealt == units[a].dealt) ? (u.most_workers < c.most_workers ? u.most_workers : c.most_workers) : 1;
        apart |= u.apart, stages |= u.stages;
        c.work += u.work, c.crowd += u.crowd, c.hottest = most(c.hottest, u.hottest);
        c.in = intake_of(s, v, stages);
        c.claims = c.claims && u.claims;
        costs_[a * units_ + b] = c;
      }
    }
  }

  /// Events per nanosecond of a group; 0 if it may not be.
  [[nodiscard]] auto rate(unit_group const& g) const noexcept -> double {
    auto const& c = costs_[g.first * units_ + g.last];
    if (!c.legal || g.degree > c.most_workers) return 0;
    auto const r = static_cast<double>(g.degree);
    double const mix = cache_size_ == 0 ? 0 : least(1, r / static_cast<double>(cache_size_));
    double const hop = near_.hop + mix * (far_.hop - near_.hop);
    double const near = near_.share_of(c.claims), share = g.degree > 1 ? near + mix * (far_.share_of(c.claims) - near) : 0;
    double x = c.work + c.crowd * (r - 1) + c.in.stages * (hop + share) + c.in.producer * share;
    if (g.beside_producer) x += produce_;
    else if (knows_producer_) x += c.in.producer * hop;
    if (g.degree > 1) x *= most(c.hottest, static_cast<double>((most_lanes + g.degree - 1) / g.degree) / most_lanes);
    return 1 / most(x, 1e-6);
  }
  [[nodiscard]] auto rate(unit_groups const& all) const noexcept -> double {
    double x = all.empty() ? 0 : unbounded;
    for (auto const& g : all) x = least(x, rate(g));
    return x;
  }

  /// The fewest workers on which every group reaches `load`; of those the plan with the most to spare. Empty: there is none.
  /// `producer_helps`: the worker on the producer's core may be used, beside `workers` others.
  /// Costs      units^2 * 15, whatever the number of workers.
  [[nodiscard]] MILLRACE_COLD auto cheapest(double load, std::size_t workers, bool producer_helps = false) const -> unit_groups {
    struct best {
      double slack = 0;
      std::size_t workers = nobody;
      unit_group group{};
    };
    std::vector<best> b(units_ + 1);
    b[units_] = {unbounded, 0, {}};
    auto const consider = [&](unit_group const& g) {
      auto const x = rate(g);
      if (x <= 0 || x < load) return false;
      auto const& rest = b[g.last + 1];
      if (rest.workers == nobody) return true;
      auto const count = rest.workers + g.degree;
      if (!g.beside_producer && count > workers) return true;
      if (g.beside_producer && rest.workers > workers) return true;
      auto const slack = least(x, rest.slack);
      auto& mine = b[g.first];
      if (count < mine.workers || (count == mine.workers && slack > mine.slack)) mine = {slack, count, g};
      return true;
    };
    for (auto a = units_; a-- > 0;) {
      for (std::size_t l = a; l < units_; ++l) {
        if (!costs_[a * units_ + l].legal) break;
        if (a == 0 && producer_helps) consider({a, l, 1, true});
        for (auto const r : useful_degrees)
          if (r > workers || r > costs_[a * units_ + l].most_workers || consider({a, l, r, false})) break;
      }
    }
    unit_groups out;
    if (b[0].workers == nobody) return out;
    for (std::size_t i = 0; i < units_; i = b[i].group.last + 1) out.push_back(b[i].group);
    return out;
  }
  /// The highest rate, within 0.05 %. Empty: constraints need more workers.
  /// Costs      some 20 times the above.
  [[nodiscard]] MILLRACE_COLD auto fastest(std::size_t workers, bool producer_helps = false) const -> unit_groups {
    auto found = cheapest(0, workers, producer_helps);
    if (found.empty()) return found;
    double low = rate(found), high = low;
    while (true) {  // each round begins at what is really reached
      auto p = cheapest(high *= 2, workers, producer_helps);
      if (p.empty() || high > 1e3 * low * static_cast<double>(most_lanes * (workers + 1))) break;
      found = p, low = most(high, rate(p)), high = low;
    }
    while (high > low * 1.0005) {
      auto const mid = (low + high) / 2;
      auto p = cheapest(mid, workers, producer_helps);
      if (p.empty()) high = mid;
      else found = p, low = most(mid, rate(p));
    }
    return found;
  }

 private:
  struct cost {
    double work = 0, crowd = 0, hottest = 0;
    intake in{};
    std::size_t most_workers = most_lanes;
    bool legal = true, claims = true;
  };
  std::size_t units_, cache_size_ = 0;  // cache_size_ 0: one cache for all
  double produce_;
  hand_over near_{}, far_{};
  bool knows_producer_ = false;
  std::vector<cost> costs_;
};

}  // namespace millrace::scheduling
