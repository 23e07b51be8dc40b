// SPDX-License-Identifier: MIT
// Samples of a pipeline whose truth is known, for tests of the rules.
#pragma once
#include <millrace/plan/decide.hpp>

#include <cstddef>
#include <vector>

namespace simulated_samples {

using namespace millrace::scheduling;

/// Three stages on four workers under a load that tests set, without any chance: samples say what the model says.
struct bench {
  stage_models truth{{.work = 1000}, {.work = 6000, .dealt = dealing::by_place}, {.work = 1000}};
  machine_model machine{};
  history h{};
  double at = 0, load = 0.00005, cores = 1e9;
  std::vector<double> slow{};  // by worker, how many times as long everything takes there; empty: once

  explicit bench(settings const& asked = {}, std::size_t workers = 4) {
    machine.able.assign(workers, 1.0);
    h = begin(asked, truth, machine, planner{truth, machine, 1}.best_on(1).p);
  }
  [[nodiscard]] auto slower(std::size_t w) const -> double { return slow.empty() ? 1 : slow[w]; }
  auto period() -> sample {
    sample s;
    s.seconds = h.next_period, at += s.seconds, s.at = at, s.cores = cores;
    auto const ns = s.seconds * 1e9;
    auto seen = machine;
    for (std::size_t w = 0; w < seen.workers(); ++w) seen.able[w] /= slower(w);
    auto const carries = rate_of(truth, seen, h.now), rate = load < carries ? load : carries;
    auto const p = price(truth, machine, h.now);
    auto const v = visits(truth);
    s.rings.push_back({load > carries ? 4096.0 : 0.0, 4096});
    s.producers.push_back({rate * ns, load > 0 ? 1 - rate / load : 0});
    for (std::size_t i = 0; i < truth.size(); ++i) {
      stage_sample q;
      q.events = q.timed_events = rate * ns * v[i], q.passed = q.events * truth[i].selectivity;
      for (std::size_t w = 0; w < machine.workers(); ++w) {
        auto const lanes = h.now.lanes(w, i);
        q.worker_ns.push_back(lanes == 0 ? 0 : q.events * truth[i].share(lanes) * slower(w) * (truth[i].work + p.surcharge[i] / v[i]));
        q.timed_ns += q.worker_ns.back();
      }
      s.stages.push_back(q);
    }
    for (std::size_t w = 0; w < machine.workers(); ++w) {
      auto const busy = rate * ns * p.load[w] * slower(w);
      s.workers.push_back({h.now.employs(w), busy, ns - busy, 0});
    }
    return s;
  }
  /// So many periods; the last decision that was one.
  auto run(int periods) -> decision {
    decision last;
    for (int k = 0; k < periods; ++k)
      if (auto d = decide(period(), h); d.why != reason::none) last = d;
    return last;
  }
};

}  // namespace simulated_samples
