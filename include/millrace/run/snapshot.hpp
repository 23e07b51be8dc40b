// SPDX-License-Identifier: MIT
// Reading a runner's counters while it runs.
#pragma once
#include <cstddef>

#include <millrace/run/metrics.hpp>
#include <millrace/run/runner.hpp>

namespace millrace {

/// What `run` has been doing since it was made.
///
/// Called by  any thread, at any time until the runner is destroyed.
/// Waits      never; disturbs nobody but for the cache lines it reads. Numbers of different stages are not of one instant.
template <typename Pipeline, typename Platform>
[[nodiscard]] auto snapshot(runner<Pipeline, Platform> const& run) -> metrics {
  using engine_type = typename runner<Pipeline, Platform>::engine_type;
  using segment = typename engine_type::segment;
  auto const& e = *run.shared();
  auto const& ring = e.ring();
  auto const p = e.board().current();
  auto const as_double = [](std::int64_t n) { return static_cast<double>(n); };
  metrics m;
  m.elapsed_ns = as_double(e.elapsed());
  m.events.capacity = ring.size.slots();
  m.events.done = ring.gate.reached();
  m.events.published = ring.entered();
  m.events.depth = m.events.published - m.events.done;
  m.events.blocked_ns = as_double(ring.blocked_ns.read());

  std::int64_t sum = 0, samples = 0;
  for (std::size_t w = 0; w < e.workers(); ++w) {
    auto const& seat = e.seat_of(w);
    sum += seat.depth_sum.read();
    samples += seat.depth_samples.read();
    auto const most = seat.depth_max.read();
    m.events.depth_max = most > m.events.depth_max ? most : m.events.depth_max;
    if (!p.employs(w)) continue;
    metrics::worker worker{.number = w, .cpu = run.on().bound(w) == binding::done ? run.on().cpu(w) : -1, .stages = {}, .useful_ns = 0};
    for (std::size_t s = 0; s < segment::stages; ++s) {
      worker.useful_ns += as_double(seat.useful_ns[s].read());
      if (p.lanes(w, s) != 0) worker.stages += (worker.stages.empty() ? "" : " ") + std::string{segment::name(s)};
    }
    m.workers.push_back(std::move(worker));
  }
  m.events.depth_mean = samples > 0 ? as_double(sum) / as_double(samples) : 0;

  for (std::size_t s = 0; s < segment::stages; ++s) {
    metrics::stage stage;
    stage.name = segment::name(s);
    stage.events = ring.stage[s].reached();
    bool first = true;
    for (std::size_t w = 0; w < e.workers(); ++w) {
      auto const& seat = e.seat_of(w);
      stage.useful_ns += as_double(seat.useful_ns[s].read());
      stage.batches += seat.batches[s].read();
      if (!first || w >= p.workers() || p.lanes(w, s) == 0) continue;
      first = false;
      stage.worker = w;
      auto const full = as_double(seat.full_looks.read()), empty = as_double(seat.empty_looks.read());
      if (segment::own_source && s == 0 && full + empty > 0) stage.blocked = full / (full + empty);
    }
    for (auto const& w : m.workers)
      if (w.number == stage.worker) stage.idle_ns = m.elapsed_ns - w.useful_ns;
    m.stages.push_back(std::move(stage));
  }
  return m;
}

}  // namespace millrace
