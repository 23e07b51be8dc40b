// SPDX-License-Identifier: MIT
// Guests come to a ring while it runs, and go: nothing that a guest may still look at is written over, and nobody waits for who is gone.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

struct visited_ring : small_ring {
  guests<P> visitors;
  event_count<P> guest_sleep;

  explicit visited_ring(std::size_t slots_wanted) : small_ring{slots_wanted} {
    gate.add(stages[0]);
    gate.add(visitors);
    name(visitors, "guests");
    name(guest_sleep, "sleep of the guest");
  }
  /// Takes place `i` and says where to begin.
  auto come(std::size_t i) -> sequence {
    auto const before = gate.reached();
    visitors.enter(i, before);
    auto first = defect("a guest begins where the gate stood before it came") ? before : defect("a guest begins by what others have released") ? gate.reached() : gate.released();
    if (one_of(2) == 1)
      if (auto const all = events.published(); all > first) first = all;
    if (defect("nobody is alerted when a guest begins")) visitors.advance(i, first, table);
    else visitors.begin(i, first, table);
    return first;
  }
  /// Looks at what there is until `most` events have passed or `end` is reached.
  void look(std::size_t i, sequence first, sequence most, sequence end) {
    for (auto at = first; at < end && at < first + most;) {
      auto to = events.published();
      if (to == at) {
        P::yield();
        continue;
      }
      if (to > first + most) to = first + most;
      for (; at < to; ++at) check(slot(at).read() == value_of(at), "the event that was published");
      visitors.advance(i, at, table);
    }
  }
  void consume(std::int64_t n) {
    this_is("stage A");
    patience<P> look{parks};
    for (sequence at = 0; at < n;) {
      auto to = at;
      sleep_until(look, worker_sleep[0], [&] { return (to = events.published()) > at; }, [&] { events.waiting().add(first_worker); });
      for (; at < to; ++at) check(slot(at).read() == value_of(at), "the event that was published");
      advance(0, at);
    }
  }
};

void one_comes() {
  visited_ring r{1 + one_of(2)};
  constexpr std::int64_t n = 3;
  auto const policy = one_of(2) == 0 ? looks : parks;
  auto const most = static_cast<sequence>(one_of(3));
  P::thread producer{[&] {
    this_is("producer");
    r.produce(n, policy);
  }};
  P::thread consumer{[&] { r.consume(n); }};
  P::thread guest{[&] {
    this_is("guest");
    auto const first = r.come(0);
    r.look(0, first, most, n);
    r.visitors.leave(0, r.table);
  }};
  producer.join();
  consumer.join();
  guest.join();
  check(r.gate.reached() == n, "the gate is as if nobody had come");
}
enlist const here_one{"taps.one", "a guest comes while events flow, looks at some and goes; capacity 1 and 2", one_comes};

// Two guests: the second may find the first there, on its way, or gone; places are used again.
void two_come() {
  visited_ring r{1 + one_of(2)};
  constexpr std::int64_t n = 2;
  P::thread producer{[&] {
    this_is("producer");
    r.produce(n, looks);
  }};
  P::thread consumer{[&] { r.consume(n); }};
  auto const visit = [&](std::size_t i) {
    this_is(i == 0 ? "guest" : "another guest");
    auto const first = r.come(i);
    r.look(i, first, i == 0 ? 1 : n, n);
    r.visitors.leave(i, r.table);
    if (i != 0) return;
    auto const again = r.come(i);
    r.look(i, again, n, n);
    r.visitors.leave(i, r.table);
  };
  P::thread a{visit, std::size_t{0}}, b{visit, std::size_t{1}};
  producer.join();
  consumer.join();
  a.join();
  b.join();
}
enlist const here_two{"taps.two", "guests come and go beside each other, and take places again", two_come};

// The guest is the only one who holds the producer back, and never moves: its going is all that can wake the producer.
void goes() {
  visited_ring r{1};
  auto const first = r.come(0);
  check(first == 0, "nothing has been released");
  P::thread producer{[&] {
    this_is("producer");
    r.produce(2, parks);
  }};
  P::thread consumer{[&] { r.consume(2); }};
  P::thread guest{[&] {
    this_is("guest");
    if (one_of(2) == 1) P::yield();
    r.visitors.leave(0, r.table);
  }};
  producer.join();
  consumer.join();
  guest.join();
}
enlist const here_goes{"taps.goes", "the producer sleeps for room that a guest gives back by going", goes};

// The producer has announced its sleep to the stage alone, and sees the guest where the gate stood before: it must hear that it begins.
void begins() {
  visited_ring r{1};
  r.produce(1, parks);
  P::thread producer{[&] {
    this_is("producer");
    patience<P> look{parks};
    check(r.events.claim(1, r.gate, look, r.producer_sleep) == status::ok, "there is room in the end");
  }};
  P::thread consumer{[&] {
    this_is("stage A");
    r.advance(0, 1);
  }};
  P::thread guest{[&] {
    this_is("guest");
    if (r.come(0) == 0) r.visitors.advance(0, 1, r.table);
  }};
  producer.join();
  consumer.join();
  guest.join();
}
enlist const here_begins{"taps.begins", "the producer sleeps for room while a guest finds where to begin", begins};

// A guest waits for events as a worker does, the producer for its room.
void guest_parks() {
  visited_ring r{1};
  constexpr std::int64_t n = 2;
  r.table.seat(second_worker, r.guest_sleep);
  auto const first = r.come(0);
  P::thread producer{[&] {
    this_is("producer");
    r.produce(n, parks);
  }};
  P::thread consumer{[&] { r.consume(n); }};
  P::thread guest{[&] {
    this_is("guest");
    patience<P> look{parks};
    for (auto at = first; at < n;) {
      auto to = at;
      sleep_until(look, r.guest_sleep, [&] { return (to = r.stages[0].reached()) > at; }, [&] { r.stages[0].waiting.add(second_worker); });
      for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
      r.visitors.advance(0, at, r.table);
    }
  }};
  producer.join();
  consumer.join();
  guest.join();
}
enlist const here_parks{"taps.parks", "a guest behind a stage and the producer, asleep for each other", guest_parks};

}  // namespace

}  // namespace millrace::model
