// SPDX-License-Identifier: MIT
// A producer and a graph of handlers the LMAX way: a thread and a sequence per stage.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>

#include "support/clock.hpp"
#include "support/lmax.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"
#include "support/start_line.hpp"

namespace bench::lmax {

/// A handler, and the stages that it waits for as bits; none: the producer.
template <std::uint64_t Before, typename Handler>
struct stage {
  Handler& handler;
};
template <std::uint64_t Before, typename Handler>
auto behind(Handler& handler) -> stage<Before, Handler> {
  return {handler};
}

/// The sequences of these stages.
template <std::uint64_t Stages, typename Done>
auto group(Done const& done) -> sequence_group<std::popcount(Stages)> {
  std::array<sequence const*, std::popcount(Stages)> of{};
  std::size_t n = 0;
  for (auto m = Stages; m != 0; m &= m - 1) of[n++] = &done[static_cast<std::size_t>(std::countr_zero(m))];
  return sequence_group<std::popcount(Stages)>{of};
}

/// `fill(event, i)` writes the i-th event.
template <typename Event, typename Wait, typename Full, typename Fill, std::uint64_t... Before, typename... Handlers>
auto graph(std::int64_t events, std::int64_t capacity, std::int64_t batch, Fill fill,
           stage<Before, Handlers>... handlers) -> measured {
  constexpr auto stages = sizeof...(Handlers);
  constexpr auto threads = stages + 1;
  constexpr auto last = ((std::uint64_t{1} << stages) - 1) & ~(Before | ...);
  ring_buffer<Event, Wait, Full, std::popcount(last)> ring{capacity};
  std::array<sequence, stages> done;
  ring.gate_by(group<last>(done));
  start_line ready{static_cast<int>(threads)};
  stopwatch watch;
  std::array<std::thread, threads> running;

  auto const run = [&]<std::uint64_t Those, typename Handler>(std::size_t position, stage<Those, Handler> which) {
    pin_if_enough(position + 1, threads);
    auto mine = which.handler;  // state in registers, as for every other contender
    auto const barrier = [&] {
      if constexpr (Those == 0) return sequence_barrier<Wait>{ring.wait_strategy(), ring.cursor(), ring.cursor()};
      else return sequence_barrier<Wait, std::popcount(Those)>{ring.wait_strategy(), ring.cursor(), group<Those>(done)};
    }();
    ready.wait();
    process(ring, barrier, done[position], [&](Event& event) { mine(event); }, events - 1);
    which.handler = mine;
  };
  std::size_t position = 0;
  ((running[position] = std::thread{[&run, handlers, at = position] { run(at, handlers); }}, ++position), ...);
  running[position] = std::thread{[&] {
    pin_if_enough(0, threads);
    ready.wait();
    watch.start();
    for (std::int64_t i = 0; i < events;) {
      auto const upto = ring.next(std::min(batch, events - i));
      for (; i <= upto; ++i) fill(ring.get(i), i);
      ring.publish(upto);
    }
  }};
  for (auto& thread : running) thread.join();
  watch.stop();
  return throughput(watch, events);
}

/// The same with handlers that follow each other in the order given.
template <typename Event, typename Wait, typename Full, typename Fill, typename... Handlers>
auto chain(std::int64_t events, std::int64_t capacity, std::int64_t batch, Fill fill, Handlers&... handlers)
    -> measured {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return graph<Event, Wait, Full>(events, capacity, batch, fill, behind<(std::uint64_t{1} << K) / 2>(handlers)...);
  }(std::index_sequence_for<Handlers...>{});
}

}  // namespace bench::lmax
