// SPDX-License-Identifier: MIT
// A scenario under the controller and under the oracle: the best plan of the truth at each moment, at once and free.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "simulated/world.hpp"

namespace simulated {

struct event_of_interest {
  double at = 0;
  decision what{};
};
struct trace {
  std::vector<double> out{};  // for each millisecond, events through
  std::vector<double> used{};
  std::vector<double> unable{};  // edges at which the plan that ran could not carry the load any more
  std::vector<event_of_interest> changes{};
  history end{};
  double looks = 0;
};
struct score {
  double regret = 0;      // of the events that the oracle delivers, 200 ms after each edge not counted
  double cores = 0;       // against the oracle's fewest for the load
  double settled = 0;     // seconds after an edge until 95 % of what the oracle delivers, for 200 ms; the slowest edge
  double first = -1;      // seconds until the first change, if the load needs one from the beginning; -1: it does not
  double reaction = -1;   // from a later edge at which the plan that ran can carry the load no more to the next change; the mean, -1: no such edge
  double per_minute = 0;  // changes after an edge by more than is needed to learn
  double changes = 0, rollbacks = 0;
};

inline auto oracle_planner(world const& x) -> planner { return planner{x.stages, x.machine, x.machine.workers()}; }
inline auto capped(scenario const& sc, world const& x) -> std::size_t { return std::min(sc.asked.most_workers, static_cast<std::size_t>(std::min(sc.quota, static_cast<double>(x.machine.workers())))); }

/// Under the oracle: the best plan of each moment.
inline auto run_oracle(scenario const& sc, std::uint64_t seed) -> trace {
  auto const first = oracle_planner(sc.start).best_on(capped(sc, sc.start));
  simulation sim{sc, seed, first.rate};
  trace t;
  sim.run(first.p, 0);
  auto const steps = static_cast<int>(sc.seconds * 1e3);
  std::size_t edge = 0;
  double fewest = -1, load = -1;
  for (int k = 0; k < steps; ++k) {
    sim.evolve();
    bool const at_edge = edge < sc.edges.size() && sim.seconds() >= sc.edges[edge];
    if (at_edge) ++edge;
    if (sc.change && (at_edge || k % 100 == 0)) {
      auto c = oracle_planner(sim.truth()).best_on(capped(sc, sim.truth()));
      if (!(c.p == sim.running()) && c.rate > 1.0001 * rate_of(sim.truth().stages, sim.truth().machine, sim.running())) sim.run(c.p, 0);
    }
    if (fewest < 0 || at_edge || (sc.change && k % 500 == 0 && load != sim.truth().load))
      load = sim.truth().load, fewest = load > 0 ? static_cast<double>(oracle_planner(sim.truth()).enough(load, sc.asked.tuned.target).workers) : 1;
    auto const before = sim.out();
    sim.step();
    t.out.push_back(sim.out() - before), t.used.push_back(fewest);
  }
  return t;
}

inline auto first_history(scenario const& sc) -> history {
  auto unknown = sc.start.stages;
  for (auto& s : unknown) s.work = 0, s.crowding = 0, s.lane_shares.clear(), s.selectivity = 1;
  auto machine = sc.start.machine;
  machine.able.assign(machine.workers(), 1.0);
  auto begin_with = planner{unknown, machine, 1}.best_on(1).p;
  if (begin_with.stages() == 0) begin_with = planner{unknown, machine, machine.workers()}.best_on(machine.workers()).p;
  return begin(sc.asked, unknown, machine, begin_with);
}

/// Under the controller, which begins with everything on one worker and knows no times. `seen` is called with each sample before it
/// decides.
template <typename Seen>
auto run_controller(scenario const& sc, std::uint64_t seed, Seen seen) -> trace {
  simulation sim{sc, seed, oracle_planner(sc.start).best_on(sc.start.machine.workers()).rate};
  trace t;
  t.end = first_history(sc);
  auto& h = t.end;
  sim.run(h.now, 0);
  std::vector<double> edges{0};
  edges.insert(edges.end(), sc.edges.begin(), sc.edges.end());
  std::size_t edge = 0;
  double began = 0;
  glance glimpsed = sim.glimpse();
  auto const steps = static_cast<int>(sc.seconds * 1e3);
  for (int k = 0; k < steps; ++k) {
    sim.evolve();
    auto const before = sim.out();
    auto const at = sim.seconds();
    if (edge < edges.size() && at >= edges[edge] - 1e-9 && ++edge != 0)
      if (auto const& w = sim.truth(); w.load > 1.05 * rate_of(w.stages, w.machine, sim.running()) && 1.05 * rate_of(w.stages, w.machine, sim.running()) < oracle_planner(w).best_on(capped(sc, w)).rate) t.unable.push_back(at);
    sim.step();
    t.out.push_back(sim.out() - before), t.used.push_back(static_cast<double>(employed(sim.running())));
    if (h.idle_for > 0 && sim.admitted_freely()) woken(h), sim.fresh(), began = at;  // who wakes the crew begins a period
    if (sim.seconds() - began < h.next_period - 1e-9) {
      if (sim.seconds() - glimpsed.at < sc.asked.tuned.glance - 1e-9) continue;
      auto const before_it = std::exchange(glimpsed, sim.glimpse());
      if (alarming(h, before_it, glimpsed)) alarmed(h, sim.seconds()), sim.fresh(), began = sim.seconds();
      continue;
    }
    glimpsed = sim.glimpse();
    began = sim.seconds();
    auto const s = sim.look();
    seen(s, h);
    ++t.looks;
    auto const d = decide(s, h);
    if (!d) continue;
    t.changes.push_back({sim.seconds(), d});
    sim.run(d.to, 30e3);
  }
  return t;
}
inline auto run_controller(scenario const& sc, std::uint64_t seed) -> trace {
  return run_controller(sc, seed, [](sample const&, history const&) {});
}

inline auto compare(scenario const& sc, trace const& mine, trace const& best) -> score {
  score r;
  double got = 0, could = 0, used = 0, need = 0;
  std::vector<double> edges{0}, settled;
  edges.insert(edges.end(), sc.edges.begin(), sc.edges.end());
  auto const steps = std::min(mine.out.size(), best.out.size());
  for (std::size_t k = 0, e = 0; k < steps; ++k) {
    while (e + 1 < edges.size() && static_cast<double>(k) * 1e-3 >= edges[e + 1] - 1e-9) ++e;
    if (static_cast<double>(k) * 1e-3 - edges[e] < 0.2) continue;
    got += mine.out[k], could += best.out[k], used += mine.used[k], need += best.used[k];
  }
  for (std::size_t e = 0; e < edges.size(); ++e) {
    auto const from = static_cast<std::size_t>(edges[e] * 1e3), to = e + 1 < edges.size() ? static_cast<std::size_t>(edges[e + 1] * 1e3) : steps;
    double a = 0, b = 0;
    std::size_t k = from;
    for (; k < to; ++k) {
      a += mine.out[k], b += best.out[k];
      if (k >= from + 200) a -= mine.out[k - 200], b -= best.out[k - 200];
      if (k + 1 >= from + 200 && a >= 0.95 * b - 3 * std::sqrt(b)) break;
    }
    settled.push_back(k < to ? static_cast<double>(k + 1 - from) * 1e-3 - 0.2 : static_cast<double>(to - from) * 1e-3);
  }
  if (settled.size() > 1) settled.erase(settled.begin());  // there it knew nothing
  r.settled = *std::max_element(settled.begin(), settled.end());
  double late = 0;
  for (auto const& c : mine.changes) {
    double since = c.at;
    for (double const e : edges)
      if (c.at >= e) since = c.at - e;
    late += since > sc.learning ? 1 : 0;
  }
  double reacted = 0, reactions = 0;
  for (double const e : mine.unable)
    for (auto const& c : mine.changes)
      if (c.at > e) {
        if (e > 0) reacted += c.at - e, reactions += 1;
        else r.first = c.at;
        break;
      }
  if (reactions > 0) r.reaction = reacted / reactions;
  auto const counted = sc.seconds - sc.learning * static_cast<double>(edges.size());
  r.per_minute = counted > 0 ? late * 60 / counted : 0;
  r.regret = could > 0 ? 1 - got / could : 0;
  r.cores = need > 0 ? used / need : 1;
  r.changes = static_cast<double>(mine.changes.size()), r.rollbacks = mine.end.rollbacks;
  return r;
}

}  // namespace simulated
