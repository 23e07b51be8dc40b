// SPDX-License-Identifier: MIT
// A small ring for the scenarios: the real sequencer, lanes and event counts, and slots that are watched for races.
#pragma once
#include <array>
#include <cstdint>

#include <millrace/ring/single_producer.hpp>
#include <millrace/sync/back_off.hpp>

#include "model/scenario.hpp"

namespace millrace::model {

using P = platform;

/// What the event of sequence s holds after `stages` stages have changed it.
constexpr auto value_of(sequence s, int stages = 0) noexcept -> std::int64_t { return s * 10 + 7 + stages * 1000; }

/// Sleeps at the first fruitless look.
inline constexpr wait_policy parks{.spins = 0, .yields = std::chrono::nanoseconds{0}, .then = rest::park, .adapts = false};
/// Never sleeps.
inline constexpr wait_policy looks{.spins = UINT32_MAX, .then = rest::never, .adapts = false};

/// Seats in the table of sleepers.
inline constexpr std::size_t first_worker = 0, second_worker = 1;

struct small_ring {
  static constexpr std::size_t most_slots = 2;

  capacity size;
  single_producer<P> events;
  std::array<P::cell<std::int64_t>, most_slots> slots;
  std::array<lanes<P>, 2> stages;
  std::array<event_count<P>, 2> worker_sleep;
  event_count<P> producer_sleep;
  sleepers<P> table;
  barrier<P> gate;  // what the producer waits for

  explicit small_ring(std::size_t slots_wanted, sequence first = 0)
      : size{slots_wanted}, events{size, first}, stages{lanes<P>{1, first}, lanes<P>{1, first}} {
    table.seat(first_worker, worker_sleep[0]);
    table.seat(second_worker, worker_sleep[1]);
    table.seat(sleepers<P>::others, producer_sleep);
    name(events, "ring");
    name(slots[0], "slot 0");
    name(slots[1], "slot 1");
    name(events.waiting(), "sleepers of the ring");
    name(stages[0].waiting, "sleepers of A");
    name(stages[1].waiting, "sleepers of B");
    name(stages[0], "stage A");
    name(stages[1], "stage B");
    name(worker_sleep[0], "sleep of worker 0");
    name(worker_sleep[1], "sleep of worker 1");
    name(producer_sleep, "sleep of the producer");
  }
  auto slot(sequence s) -> P::cell<std::int64_t>& { return slots[size.slot_of(s)]; }

  /// The producer's part: `n` events, one claim each.
  void produce(std::int64_t n, wait_policy const& policy) {
    patience<P> look{policy};
    for (std::int64_t i = 0; i < n; ++i) {
      check(events.claim(1, gate, look, producer_sleep) == status::ok, "an open ring gives room in the end");
      auto const s = events.next();
      if (defect("publish before write")) {
        events.publish(1, table);
        slot(s).write() = value_of(s);
        continue;
      }
      slot(s).write() = value_of(s);
      events.publish(1, table);
    }
  }
  /// After stage `i` has moved.
  void advance(std::size_t i, sequence to) {
    stages[i].advance(1, to);
    if (!defect("advance without notify")) stages[i].waiting.notify(table);
  }
};

/// One part of a scenario, and who plays it.
template <typename Body>
struct part {
  char const* player;
  Body body;
};
/// All parts at once, each on a thread of its own, to the end.
template <typename... Body>
void play(part<Body> const&... parts) {
  P::thread threads[]{P::thread{[&parts] {
    this_is(parts.player);
    parts.body();
  }}...};
  for (auto& t : threads) t.join();
}

/// wait_until of the library, or the mistake of going to sleep without a second look.
template <typename Ready, typename Announce>
void sleep_until(patience<P>& look, event_count<P>& sleep, Ready ready, Announce announce) {
  if (!defect("no second look")) {
    check(wait_until<P>(look, sleep, for_ever, ready, announce), "a wait without a deadline ends ready");
    return;
  }
  while (!ready()) {
    auto const key = sleep.prepare();
    announce();
    P::heavy_barrier();
    sleep.wait(key);
  }
}

}  // namespace millrace::model
