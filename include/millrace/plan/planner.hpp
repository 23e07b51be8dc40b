// SPDX-License-Identifier: MIT
// What the scheduler asks: the best plan on so many workers, the fewest workers for a load, and a plan's workers renamed so that
// little moves.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/errors.hpp>
#include <millrace/plan/co_host.hpp>
#include <millrace/plan/cost_model.hpp>
#include <millrace/plan/group_program.hpp>
#include <millrace/plan/lane_dealing.hpp>
#include <millrace/plan/units.hpp>

namespace millrace::scheduling {

/// A plan, the events per nanosecond that it can carry, and for how many workers.
struct choice {
  plan p{};
  double rate = 0;
  std::size_t workers = 0;
  bool mixed = false;  // groups share workers: what one of them lacks others wait for, and more so the more times scatter
};

/// The plan that puts each group on workers of its own, in this order. A group that would lie across two caches begins in the next one
/// instead, if it fits there and enough workers are left. Empty if lanes are too uneven to be dealt to so many.
[[nodiscard]] MILLRACE_COLD inline auto laid_out(unit_groups const& groups, unit_list const& units, stage_models const& s, machine_model const& m, std::vector<std::size_t> const& use) -> plan {
  plan p{m.workers(), s.size()};
  std::size_t next = 0, needed = 0;
  for (auto const& g : groups) needed += g.beside_producer ? 0 : g.degree;
  auto const boundary = [&](std::size_t from) {  // the first worker that uses another cache than `from` does
    auto at = from;
    while (at < use.size() && m.cache_of(use[at]) == m.cache_of(use[from])) ++at;
    return at;
  };
  for (auto const& g : groups) {
    if (!g.beside_producer && next < use.size()) {
      auto const other = boundary(next);
      if (other < next + g.degree && other < use.size() && boundary(other) >= other + g.degree && other + needed <= use.size()) next = other;
      needed -= g.degree;
    }
    std::uint64_t stages = 0;
    for (auto u = g.first; u <= g.last; ++u) stages |= units[u].stages;
    auto const masks = deal_lanes(std::vector<double>(g.degree, 1.0 / static_cast<double>(g.degree)), lane_shares_of(s, stages));
    if (masks.empty()) return {};
    for (std::size_t k = 0; k < g.degree; ++k) {
      auto const w = g.beside_producer ? m.producer : use[next++];
      for (auto r = stages; r != 0; r &= r - 1) {
        auto const i = static_cast<std::size_t>(std::countr_zero(r));
        p.give(w, i, g.degree == 1 ? s[i].lanes() : masks[k]);
      }
    }
  }
  return p;
}

/// Lanes that change hands from `a` to `b`, as shares of stages.
[[nodiscard]] MILLRACE_COLD inline auto moved(stage_models const& s, plan const& a, plan const& b) -> double {
  double sum = 0;
  for (std::size_t w = 0; w < b.workers(); ++w)
    for (std::size_t i = 0; i < s.size(); ++i)
      if (auto const fresh = b.lanes(w, i) & ~(w < a.workers() ? a.lanes(w, i) : 0); fresh != 0) sum += s[i].share(fresh);
  return sum;
}

class planner {
 public:
  /// `most_workers`: how many a plan may employ. `s` and `m` outlive it.
  /// Throws     bad_plan if constraints contradict each other.
  MILLRACE_COLD planner(stage_models const& s, machine_model const& m, std::size_t most_workers)
      : s_{s}, m_{m}, units_{units_of(s)}, program_{s, m, units_}, pourer_{s, m, units_}, most_workers_{most_workers < m.workers() ? most_workers : m.workers()} {}

  [[nodiscard]] auto most_workers() const noexcept -> std::size_t { return most_workers_; }

  /// The fastest plan on at most `count` workers: of contiguous groups on whole cores, or with groups that share workers where that is
  /// worth 3 %. Without a plan (`rate` 0) if constraints need more workers.
  [[nodiscard]] MILLRACE_COLD auto best_on(std::size_t count) const -> choice {
    auto const use = best_workers(count);
    std::vector<std::size_t> whole;
    for (std::size_t w = 0; w < m_.workers(); ++w)
      if (m_.able[w] > 0.85 && w != m_.producer) whole.push_back(w);
    choice c;
    for (std::size_t beside = 0; beside < (m_.producer < m_.workers() ? 2U : 1U); ++beside) {
      if (whole.empty() && beside == 0) continue;  // others use all cores
      auto const others = whole.size() < count - beside ? whole.size() : count - beside;
      keep(c, laid_out(program_.fastest(others, beside != 0), units_, s_, m_, whole), 1.0);
    }
    if (count > 1 || c.rate == 0 || m_.producer != nobody) keep(c, pourer_.fastest(use), 1.03);
    return c;
  }
  /// The plan with the fewest workers that carries `load` at this utilisation; the fastest one, trimmed, if none does.
  [[nodiscard]] MILLRACE_COLD auto enough(double load, double utilisation) const -> choice {
    auto best = best_on(most_workers_);
    if (!(best.rate * utilisation >= load)) return trimmed(best);
    return fewest(std::move(best), load / utilisation);
  }
  /// The fewest workers that reach `share` of the rate of `best`: beside a serial bottleneck the others are of no use.
  [[nodiscard]] MILLRACE_COLD auto trimmed(choice best, double share = 0.98) const -> choice {
    auto const bar = best.rate * share;
    return fewest(std::move(best), bar, 1.04);
  }
  /// The same plan with workers renamed, so that pinned stages are where they have to be and of the rest as little as possible moves.
  /// Only workers of one cache, and about as able, change places, and never the producer's.
  [[nodiscard]] MILLRACE_COLD auto renamed(plan const& p, plan const& now) const -> plan {
    auto const n = m_.workers();
    std::vector<std::size_t> to(n, nobody);
    std::vector<bool> taken(n, false);
    auto const settle = [&](std::size_t w, std::size_t on) { to[w] = on, taken[on] = true; };
    for (std::size_t w = 0; w < n; ++w)
      if (bound(p, w)) settle(w, w);
    auto const alike = [&](std::size_t a, std::size_t b) {
      auto const d = m_.able[a] - m_.able[b];
      return m_.cache_of(a) == m_.cache_of(b) && d < 0.05 && d > -0.05 && b != m_.producer;
    };
    for (int again = 0; again < 2; ++again)  // those that stay where they are come first
      for (std::size_t w = 0; w < n; ++w) {
        if (to[w] != nobody || !p.employs(w)) continue;
        std::size_t best = nobody;
        double most_kept = again == 0 ? 0.5 * kept(p, w, p, w) : -1;
        for (std::size_t on = 0; on < n; ++on)
          if (!taken[on] && alike(w, on) && (p.employs(on) || now.employs(on)))
            if (auto const k = on < now.workers() ? kept(p, w, now, on) : 0; k > most_kept || (k == most_kept && on == w)) most_kept = k, best = on;
        if (best != nobody) settle(w, best);
        else if (again == 1) return p;
      }
    plan out{n, p.stages()};
    for (std::size_t w = 0; w < n; ++w)
      if (to[w] != nobody)
        for (std::size_t i = 0; i < p.stages(); ++i) out.give(to[w], i, p.lanes(w, i));
    return out;
  }

 private:
  [[nodiscard]] MILLRACE_COLD auto fewest(choice best, double rate, double mixed = 1) const -> choice {
    std::size_t low = 1, high = best.workers;
    while (low < high) {
      auto const mid = (low + high) / 2;
      if (auto c = best_on(mid); c.rate >= (c.mixed ? rate * mixed : rate)) high = mid < c.workers ? mid : c.workers, best = std::move(c);
      else low = mid + 1;
    }
    return best;
  }
  MILLRACE_COLD void keep(choice& c, plan p, double factor) const {
    if (p.stages() == 0 || !pin(p)) return;
    if (auto const x = rate_of(s_, m_, p); x > c.rate * factor) c = {std::move(p), x, 0, factor > 1}, c.workers = employed(c.p);
  }
  // The able ones; of equals the first, and the producer's core, which runs anyway.
  [[nodiscard]] MILLRACE_COLD auto best_workers(std::size_t count) const -> std::vector<std::size_t> {
    auto const n = m_.workers();
    std::vector<std::size_t> order;
    for (std::size_t w = 0; w < n; ++w) {
      order.push_back(w);
      for (auto k = order.size() - 1; k > 0 && worth(order[k]) > worth(order[k - 1]) + 0.05; --k) std::swap(order[k], order[k - 1]);
    }
    if (order.size() > count) order.resize(count);
    for (std::size_t i = 1; i < order.size(); ++i)
      for (auto k = i; k > 0 && order[k] < order[k - 1]; --k) std::swap(order[k], order[k - 1]);
    return order;
  }
  [[nodiscard]] auto worth(std::size_t w) const -> double {
    double x = m_.able[w];
    for (auto const& u : units_)
      if (u.pinned == w) x += 2;
    return x;
  }
  [[nodiscard]] auto bound(plan const& p, std::size_t w) const -> bool {
    bool b = w == m_.producer;
    for (std::size_t i = 0; i < s_.size(); ++i) b = b || (s_[i].pinned == w && p.lanes(w, i) != 0);
    return b;
  }
  // Whether pinned stages are on their workers, after their workers have changed places with those.
  [[nodiscard]] MILLRACE_COLD auto pin(plan& p) const -> bool {
    for (std::size_t i = 0; i < s_.size(); ++i) {
      auto const on = s_[i].pinned;
      if (on == nobody) continue;
      if (on >= p.workers()) return false;
      std::size_t w = 0;
      while (w < p.workers() && p.lanes(w, i) == 0) ++w;
      if (w == on) continue;
      plan q{p.workers(), p.stages()};
      for (std::size_t k = 0; k < p.workers(); ++k)
        for (std::size_t j = 0; j < p.stages(); ++j) q.give(k == w ? on : k == on ? w : k, j, p.lanes(k, j));
      p = std::move(q);
    }
    return true;
  }
  [[nodiscard]] auto kept(plan const& a, std::size_t wa, plan const& b, std::size_t wb) const -> double {
    double sum = 0;
    for (std::size_t i = 0; i < s_.size(); ++i)
      if (auto const both = a.lanes(wa, i) & b.lanes(wb, i); both != 0) sum += s_[i].share(both) * most(s_[i].work, 1);
    return sum;
  }

  stage_models const& s_;
  machine_model const& m_;
  unit_list units_;
  group_program program_;
  co_host pourer_;
  std::size_t most_workers_;
};

}  // namespace millrace::scheduling
