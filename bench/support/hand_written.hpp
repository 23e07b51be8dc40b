// SPDX-License-Identifier: MIT
// Two threads around the hand-written ring: a producer on the first processor, a consumer that runs one inlined
// handler on the second. Or one loop on the second, which needs no ring.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "support/clock.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"
#include "support/spsc.hpp"
#include "support/start_line.hpp"

namespace bench {

/// `fill(slot, i)` writes the i-th event, `handler(slot)` is the whole chain. A batch of 1 uses the single publish.
/// `Ahead`: how many slots the producer fetches ahead for writing.
template <typename Slot, std::int64_t Ahead, typename Fill, typename Handler>
auto stream(std::int64_t events, std::int64_t capacity, std::int64_t batch, Fill fill, Handler& handler) -> measured {
  spsc_ring<Slot> ring{capacity};
  start_line ready{2};
  stopwatch watch;
  std::thread consumer{[&] {
    pin(1);
    auto mine = handler;  // state in registers: the caller's copy could be seen by others
    ready.wait();
    consume(ring, events, [&](Slot& slot) { mine(slot); });
    handler = mine;
  }};
  std::thread producer{[&] {
    pin(0);
    auto const count = events;  // a local, as for all contenders
    spsc_producer<Slot, Ahead> out{ring};
    ready.wait();
    watch.start();
    if (batch == 1) {
      for (std::int64_t i = 0; i < count; ++i) out.publish([&](Slot& slot) { fill(slot, i); });
    } else {
      for (std::int64_t i = 0; i < count; i += batch) {
        out.publish(std::min(batch, count - i), [&](Slot& slot, std::int64_t k) { fill(slot, i + k); });
      }
    }
  }};
  producer.join();
  consumer.join();
  watch.stop();
  return throughput(watch, events);
}

/// Runs `loop`, which processes `events`, where a worker would run.
template <typename Loop>
auto one_loop(std::int64_t events, Loop loop) -> measured {
  stopwatch watch;
  std::thread{[&] {
    pin(1);
    watch.start();
    loop();
    watch.stop();
  }}.join();
  return throughput(watch, events);
}

/// Runs `loop(0)` and `loop(1)`, which process `events` between them, on two processors at once.
template <typename Loop>
auto two_loops(std::int64_t events, Loop loop) -> measured {
  start_line ready{2};
  stopwatch watch;
  std::array<std::thread, 2> both;
  for (std::size_t i = 0; i < 2; ++i)
    both[i] = std::thread{[&, i] {
      pin(i);
      ready.wait();
      if (i == 0) watch.start();
      loop(i);
    }};
  for (auto& t : both) t.join();
  watch.stop();
  return throughput(watch, events);
}

}  // namespace bench
