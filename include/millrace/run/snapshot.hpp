// SPDX-License-Identifier: MIT
// Reading a runner's counters while it runs.
#pragma once
#include <cstddef>

#include <millrace/run/metrics.hpp>
#include <millrace/run/runner.hpp>

namespace millrace {

/// What one ring has been doing, of which `m` has heard nothing yet.
template <typename Strand>
void note_ring(metrics& m, Strand const& strand, plan const& p, std::size_t crew_size) {
  using segment = typename Strand::segment;
  auto const as_double = [](std::int64_t n) { return static_cast<double>(n); };
  auto const& ring = strand.ring();
  auto const first = strand.first_stage();
  metrics::ring r;
  r.capacity = ring.size.slots();
  r.done = ring.gate.reached();
  r.published = ring.entered();
  r.tombstones = ring.tombstones();
  auto const lost = ring.turned_away();
  r.refused = lost.refused, r.dropped = lost.dropped, r.conflated = lost.conflated, r.waiting = lost.waiting;
  r.depth = r.published - r.done;
  r.blocked_ns = as_double(ring.blocked());

  std::int64_t sum = 0, samples = 0;
  for (std::size_t w = 0; w < crew_size; ++w) {
    auto const& seat = strand.seat_of(w);
    sum += seat.depth_sum.read();
    samples += seat.depth_samples.read();
    auto const most = seat.depth_max.read();
    r.depth_max = most > r.depth_max ? most : r.depth_max;
    for (std::size_t s = 0; s < segment::stages; ++s) note_stage(m, w, segment::name(s), as_double(seat.useful_ns[s].read()), p.lanes(w, first + s) != 0);
  }
  r.depth_mean = samples > 0 ? as_double(sum) / as_double(samples) : 0;
  note(m, r, first == 0);

  for (std::size_t s = 0; s < segment::stages; ++s) {
    metrics::stage stage;
    stage.events = ring.stage[s].reached();
    bool found = false;
    for (std::size_t w = 0; w < crew_size; ++w) {
      auto const& seat = strand.seat_of(w);
      stage.useful_ns += as_double(seat.useful_ns[s].read());
      stage.batches += seat.batches[s].read();
      if constexpr (segment::forgives) stage.failed += seat.failures[s].read();
      if (found || w >= p.workers() || p.lanes(w, first + s) == 0) continue;
      found = true;
      stage.worker = w;
      auto const full = as_double(seat.full_looks.read()), empty = as_double(seat.empty_looks.read());
      if (((segment::own_source && s == 0) || segment::expands(s) || segment::sends(s)) && full + empty > 0) stage.blocked = full / (full + empty);
    }
    note(m, stage, segment::name(s));
  }
}

/// What `run` has been doing since it was made.
///
/// Called by  any thread, at any time until the runner is destroyed.
/// Waits      never; disturbs nobody but for the cache lines it reads. Numbers of different stages are not of one instant.
template <typename Pipeline, typename Platform>
[[nodiscard]] auto snapshot(runner<Pipeline, Platform> const& run) -> metrics {
  auto const& e = *run.shared();
  auto const p = e.board().current();
  metrics m;
  m.elapsed_ns = static_cast<double>(e.elapsed());
  for (std::size_t w = 0; w < e.workers(); ++w)
    if (p.employs(w)) note(m, {.number = w, .cpu = run.on().bound(w) == binding::done ? run.on().cpu(w) : -1, .stages = {}, .useful_ns = 0});
  e.each_strand([&](auto const& strand) { note_ring(m, strand, p, e.workers()); });
  e.each_guest([&](auto const& guest, sequence at) {
    if (!guest.is_tap()) return;
    metrics::stage stage;
    stage.worker = guest.worker;
    stage.events = at - guest.begun;
    stage.batches = guest.batches.read();
    stage.failed = guest.failures.read();
    stage.useful_ns = static_cast<double>(guest.useful_ns.read());
    note(m, stage, guest.name);
  });
  note_idle_times(m);
  return m;
}

}  // namespace millrace
