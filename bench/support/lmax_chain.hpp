// SPDX-License-Identifier: MIT
// A producer and a chain of handlers the LMAX way: a thread and a sequence per stage.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "support/clock.hpp"
#include "support/lmax.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"
#include "support/start_line.hpp"

namespace bench::lmax {

/// `fill(event, i)` writes the i-th event; the handlers follow each other in the order given.
template <typename Event, typename Wait, typename Full, typename Fill, typename... Handlers>
auto chain(std::int64_t events, std::int64_t capacity, std::int64_t batch, Fill fill, Handlers&... handlers)
    -> measured {
  constexpr auto stages = sizeof...(Handlers);
  constexpr auto threads = stages + 1;
  ring_buffer<Event, Wait, Full> ring{capacity};
  std::array<sequence, stages> done;
  ring.gate_by(done.back());
  start_line ready{static_cast<int>(threads)};
  stopwatch watch;
  std::vector<std::thread> running;

  auto const stage = [&](std::size_t position, auto& handler) {
    pin_if_enough(position + 1, threads);
    auto mine = handler;  // state in registers, as for every other contender
    sequence_barrier<Wait> const barrier{ring.wait_strategy(), ring.cursor(),
                                         position == 0 ? ring.cursor() : done[position - 1]};
    ready.wait();
    process(ring, barrier, done[position], [&](Event& event) { mine(event); }, events - 1);
    handler = mine;
  };
  std::size_t position = 0;
  (running.emplace_back([&stage, &handlers, at = position++] { stage(at, handlers); }), ...);
  running.emplace_back([&] {
    pin_if_enough(0, threads);
    ready.wait();
    watch.start();
    for (std::int64_t i = 0; i < events;) {
      auto const last = ring.next(std::min(batch, events - i));
      for (; i <= last; ++i) fill(ring.get(i), i);
      ring.publish(last);
    }
  });
  for (auto& thread : running) thread.join();
  watch.stop();
  return throughput(watch, events);
}

}  // namespace bench::lmax
