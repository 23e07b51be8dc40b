// SPDX-License-Identifier: MIT
// Who finds nothing to do sleeps; whoever moves a cursor must wake him. Nobody moves anything afterwards, so a wake that is
// lost is a deadlock.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

void consume(small_ring& r, std::size_t i, std::size_t seat, std::int64_t n, wait_policy const& policy, barrier<P>* upstream = nullptr) {
  patience<P> look{policy};
  for (sequence at = 0; at < n;) {
    sequence to = at;
    sleep_until(
        look, r.worker_sleep[seat], [&] { return (to = upstream != nullptr ? upstream->reached() : r.events.published()) > at; },
        [&] {
          if (upstream != nullptr) upstream->add_waiter(seat);
          else r.events.waiting().add(seat);
        });
    for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
    r.advance(i, at);
  }
}

/// `n` events through a ring, each of the two waiting in a way of its own.
void one_to_one(std::size_t slots, std::int64_t n, wait_policy const& producing, wait_policy const& consuming) {
  small_ring r{slots};
  r.gate.add(r.stages[0]);
  play(part{"producer", [&] { r.produce(n, producing); }}, part{"consumer", [&] { consume(r, 0, first_worker, n, consuming); }});
}

void consumer_parks() { one_to_one(1 + one_of(2), 2, looks, parks); }
enlist const here_consumer{"parking.consumer", "a consumer sleeps until events come", consumer_parks};

void producer_parks() { one_to_one(1, 3, parks, looks); }
enlist const here_producer{"parking.producer", "a producer sleeps until there is room", producer_parks};

void both_park() { one_to_one(1 + one_of(2), 4, parks, parks); }
enlist const here_both{"parking.both", "producer and consumer sleep in turns", both_park};

// Two sleepers on one cursor: the wake must reach both, also the one that announces itself while the other is being woken.
void two_wait_for_one() {
  small_ring r{2};
  r.gate.add(r.stages[0]);
  r.gate.add(r.stages[1]);
  constexpr std::int64_t n = 2;
  play(part{"producer", [&] { r.produce(n, parks); }},                      //
       part{"stage A", [&] { consume(r, 0, first_worker, n, parks); }},    //
       part{"stage B", [&] { consume(r, 1, second_worker, n, parks); }});
}
enlist const here_two{"parking.two", "two consumers sleep on one cursor, and a producer on both of theirs", two_wait_for_one};

void row_parks() {
  small_ring r{1};
  r.gate.add(r.stages[1]);
  constexpr std::int64_t n = 2;
  barrier<P> upstream;
  upstream.add(r.stages[0]);
  play(part{"producer", [&] { r.produce(n, parks); }},                      //
       part{"stage A", [&] { consume(r, 0, first_worker, n, parks); }},    //
       part{"stage B", [&] { consume(r, 1, second_worker, n, parks, &upstream); }});
}
enlist const here_row{"parking.row", "two consumers one after the other, everybody sleeps", row_parks};

// Patience as users have it: pauses, yields, then sleep or nap, with budgets that adapt.
void patient() {
  constexpr wait_policy policies[] = {
      {.spins = 1, .yields = std::chrono::nanoseconds{100}, .then = rest::park, .adapts = true},
      {.spins = 0, .yields = std::chrono::nanoseconds{0}, .then = rest::nap, .nap = std::chrono::nanoseconds{500}, .adapts = true},
      {.spins = 2, .yields = std::chrono::nanoseconds{0}, .then = rest::park, .at_most = std::chrono::nanoseconds{700}, .adapts = true},
      {.spins = 1, .yields = std::chrono::nanoseconds{50}, .then = rest::never, .adapts = true},
  };
  auto const& one = policies[one_of(4)];
  auto const& other = policies[one_of(4)];
  one_to_one(1, 2, one, other);
}
enlist const here_patient{"parking.patient", "all ways of waiting against each other", patient};

}  // namespace

}  // namespace millrace::model
