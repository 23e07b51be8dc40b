// SPDX-License-Identifier: MIT
// Many producers and one ring: claims, tombstones, marks of a lap, sleeping for room and for events, and the end at any moment.
#include <millrace/ring/multi_producer.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

struct many_ring {
  static constexpr std::size_t most_slots = 2;
  static constexpr std::int64_t most_events = 8;

  capacity size;
  sequence first;
  multi_producer<P> events;
  std::array<P::cell<std::int64_t>, most_slots> slots;
  lanes<P> stage;
  std::array<event_count<P>, 2> worker_sleep;
  event_count<P> producers_sleep;
  sleepers<P> table;
  barrier<P> gate;
  // What the threads have seen, each of its own; put together when all are joined.
  std::array<std::int64_t, 3> in_time{}, given_up{}, too_late{};
  std::array<std::int64_t, most_events> seen{};
  std::int64_t live = 0, passed_over = 0;

  explicit many_ring(std::size_t slots_wanted, sequence begin = 0) : size{slots_wanted}, first{begin}, events{size, begin}, stage{1, begin} {
    table.seat(first_worker, worker_sleep[0]);
    table.seat(sleepers<P>::others, producers_sleep);
    gate.add(stage);
    name(events, "ring");
    name(slots[0], "slot 0");
    name(slots[1], "slot 1");
    name(events.waiting(), "sleepers of the ring");
    name(stage.waiting, "sleepers of the stage");
    name(stage, "stage");
    name(worker_sleep[0], "sleep of the consumer");
    name(producers_sleep, "sleep of the producers");
  }
  auto slot(sequence s) -> P::cell<std::int64_t>& { return slots[size.slot_of(s)]; }
  static constexpr auto from(std::size_t producer, std::int64_t nth) noexcept -> std::int64_t { return static_cast<std::int64_t>(producer) * 1000 + nth; }

  /// Fills, and publishes or gives up. False: it is closed.
  auto finish(std::size_t me, sequence at, std::int64_t n, bool gives_up) -> bool {
    if (defect("many: publish before write") && !gives_up) static_cast<void>(events.publish(at, n, table));
    for (auto s = at; s < at + n; ++s) slot(s).write() = from(me, in_time[me] + (s - at) + 1);
    if (gives_up) {
      if (defect("many: a claim is forgotten")) return true;
      events.abandon(at, n, table);
      given_up[me] += n;
      return true;
    }
    if (events.publish(at, n, table) == status::closed) {
      too_late[me] += n;
      return false;
    }
    in_time[me] += n;
    return true;
  }
  /// `n` events one by one or two at a time, now and then given up.
  void produce(std::size_t me, std::int64_t n, wait_policy const& policy, bool gives_up) {
    patience<P> look{policy};
    for (std::int64_t made = 0; made < n;) {
      sequence at = 0;
      auto const s = events.claim(1, gate, look, producers_sleep, at);
      if (s == status::closed) return;
      check(s == status::ok, "an open ring gives room in the end");
      check(at - stage.reached() < size.slots(), "a claim is never larger than the room");
      ++made;
      if (!finish(me, at, 1, gives_up && one_of(2) == 1)) return;
    }
  }
  /// What is there from `at` on; says where it stopped.
  auto consume(sequence at) -> sequence {
    auto const to = events.readable(at);
    if (to <= at) return at;
    auto const* const dead = defect("many: dead slots asked too early") ? nullptr : events.dead();
    for (; at < to; ++at) {
      if (dead != nullptr && dead[size.slot_of(at)] != 0) {
        ++passed_over;
        continue;
      }
      auto const v = slot(at).read();
      auto const producer = static_cast<std::size_t>(v / 1000);
      check(producer < 3 && v % 1000 == seen[producer] + 1, "each producer's events come in their order, each once");
      ++seen[producer];
      ++live;
    }
    stage.advance(1, at);
    stage.waiting.notify(table);
    return at;
  }
  auto sum(std::array<std::int64_t, 3> const& of) const -> std::int64_t { return of[0] + of[1] + of[2]; }
};

void claimed() {
  many_ring r{1 + one_of(2)};
  auto const& way = one_of(2) == 0 ? parks : looks;
  constexpr std::int64_t each = 2;
  auto const producers = 2 + one_of(2);
  auto const run = [&](std::size_t me) {
    this_is(me == 0 ? "producer 0" : me == 1 ? "producer 1" : "producer 2");
    r.produce(me, each, way, true);
  };
  P::thread one{[&] { run(0); }};
  P::thread two{[&] { run(1); }};
  P::thread three{[&] {
    if (producers == 3) run(2);
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    patience<P> look{way};
    auto const all = static_cast<sequence>(producers) * each;
    for (sequence at = 0; at < all;) {
      sleep_until(look, r.worker_sleep[0], [&] { return r.events.readable(at) > at; }, [&] { r.events.waiting().add(first_worker); });
      at = r.consume(at);
    }
  }};
  one.join();
  two.join();
  three.join();
  consumer.join();
  check(r.live == r.sum(r.in_time) && r.passed_over == r.sum(r.given_up), "what was published is seen, what was given up is passed over");
  check(r.events.tombstones() == r.passed_over, "and counted");
  check(r.events.entered() == static_cast<sequence>(producers) * each, "all of it has entered");
}
enlist const here_claimed{"many.claims", "two or three producers, one or two slots; some claims are given up", claimed};

// Two at a time, as many as there is room for, or not waiting at all.
void in_groups() {
  many_ring r{2};
  constexpr std::int64_t each = 2;
  auto const run = [&](std::size_t me) {
    patience<P> look{parks};
    for (std::int64_t made = 0; made < each;) {
      sequence at = 0;
      std::int64_t got = 0;
      auto s = status::ok;
      switch (one_of(3)) {
        case 0:
          got = each - made;
          s = r.events.claim(got, r.gate, look, r.producers_sleep, at);
          break;
        case 1: s = r.events.claim_up_to(each - made, r.gate, look, r.producers_sleep, at, got); break;
        default:
          got = each - made;
          s = r.events.try_claim(got, r.gate, at);
          if (s == status::would_block) {
            P::yield();
            continue;
          }
      }
      check(s == status::ok && got >= 1 && got <= each - made, "as many as were asked for, or fewer");
      made += got;
      check(r.finish(me, at, got, false), "it is open");
    }
  };
  P::thread one{[&] {
    this_is("producer 0");
    run(0);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    run(1);
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    for (sequence at = 0; at < 2 * each;) {
      auto const to = r.consume(at);
      if (to == at) P::yield();
      at = to;
    }
  }};
  one.join();
  two.join();
  consumer.join();
  check(r.live == 2 * each, "all are seen");
}
enlist const here_groups{"many.groups", "claims of several, and of as many as there is room for", in_groups};

// The ring is closed at any moment: also between a claim and its publication, by a producer that never comes back.
void closed() {
  many_ring r{1 + one_of(2)};
  bool const dies = one_of(2) == 1;
  P::thread one{[&] {
    this_is("producer 0");
    r.produce(0, 2, parks, true);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    patience<P> look{parks};
    sequence at = 0;
    auto const n = 1 + static_cast<std::int64_t>(one_of(static_cast<unsigned>(r.size.slots())));
    if (r.events.claim(n, r.gate, look, r.producers_sleep, at) != status::ok || dies) return;
    static_cast<void>(r.finish(1, at, n, false));
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    for (sequence at = 0;;) {
      auto const end = r.events.end();
      at = r.consume(at);
      if (end != sequence_limit) break;
      P::yield();
    }
  }};
  P::thread closer{[&] {
    this_is("closer");
    r.events.close();
    r.table.alert_all();
  }};
  one.join();
  two.join();
  consumer.join();
  closer.join();
  check(r.stage.reached() == r.events.end(), "nobody waits for a claim that never comes");
  check(r.live == r.sum(r.in_time), "what was published in time is in the stream, and nothing else");
  check(r.events.tombstones() == r.passed_over, "the others are counted");
  sequence at = 0;
  check(r.events.try_claim(1, r.gate, at) == status::closed, "closed is for ever");
}
enlist const here_closed{"many.closing", "close while producers claim, publish, give up, or never come back", closed};

// Two stages on two threads: the second must pass over what the first has passed over.
void two_stages() {
  many_ring r{1 + one_of(2)};
  lanes<P> second;
  barrier<P> gate;
  gate.add(second);
  std::int64_t live = 0;
  P::thread producer{[&] {
    this_is("producer 0");
    sequence at = 0;
    patience<P> look{parks};
    for (int i = 0; i < 2; ++i) {
      if (r.events.claim(1, gate, look, r.producers_sleep, at) != status::ok) return;
      if (!r.finish(0, at, 1, one_of(2) == 1)) return;
    }
  }};
  P::thread first_stage{[&] {
    this_is("first stage");
    for (sequence at = 0;;) {
      auto const end = r.events.end();
      at = r.consume(at);
      if (end != sequence_limit) break;
      P::yield();
    }
  }};
  P::thread second_stage{[&] {
    this_is("second stage");
    for (sequence at = 0;;) {
      auto const end = r.events.end();
      auto const early = r.events.dead();
      auto const to = r.stage.reached();
      auto const* const dead = defect("many: dead slots asked too early") ? early : r.events.dead();
      bool const any = at < to;
      for (; at < to; ++at) {
        if (dead[r.size.slot_of(at)] != 0) continue;
        check(r.slot(at).read() / 1000 == 0, "what the producer wrote");
        ++live;
      }
      if (any) {
        second.advance(1, at);
        second.waiting.notify(r.table);
      }
      if (end != sequence_limit && at == end) break;
      P::yield();
    }
  }};
  P::thread closer{[&] {
    this_is("closer");
    r.events.close();
    r.table.alert_all();
  }};
  producer.join();
  first_stage.join();
  second_stage.join();
  closer.join();
  check(r.live == r.sum(r.in_time) && live == r.live, "both stages see the same events");
}
enlist const here_stages{"many.stages", "close, and two stages that must agree about what is dead", two_stages};

// At the end of the range of sequences: the last laps have marks too, and then claims are refused.
void last_laps() {
  constexpr std::int64_t left = 3;
  many_ring r{1 + one_of(2), sequence_limit - left};
  auto const run = [&](std::size_t me) {
    patience<P> look{looks};
    for (;;) {
      sequence at = 0;
      auto const s = r.events.claim(1, r.gate, look, r.producers_sleep, at);
      if (s == status::refused) return;
      check(s == status::ok && at < sequence_limit, "a sequence of the range");
      check(r.finish(me, at, 1, false), "it is open");
    }
  };
  P::thread one{[&] {
    this_is("producer 0");
    run(0);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    run(1);
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    for (auto at = r.first; at < sequence_limit;) {
      auto const to = r.consume(at);
      if (to == at) P::yield();
      at = to;
    }
  }};
  one.join();
  two.join();
  consumer.join();
  check(r.live == left && r.events.entered() == sequence_limit, "the whole range was used");
}
enlist const here_laps{"many.laps", "marks and claims at the end of the range", last_laps};

// All sleep: producers for room, the consumer for events, and one waits for a flush of what was published.
void parked() {
  many_ring r{1};
  auto const run = [&](std::size_t me) { r.produce(me, 2, parks, me == 1); };
  P::thread one{[&] {
    this_is("producer 0");
    run(0);
    patience<P> look{parks};
    auto const target = r.events.entered();
    check(target >= r.in_time[0], "what this thread has published has entered");
    sleep_until(look, r.producers_sleep, [&] { return r.gate.reached() >= target; }, [&] { r.gate.add_waiter(sleepers<P>::others); });
  }};
  P::thread two{[&] {
    this_is("producer 1");
    run(1);
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    patience<P> look{parks};
    for (sequence at = 0; at < 4;) {
      sleep_until(look, r.worker_sleep[0], [&] { return r.events.readable(at) > at; }, [&] { r.events.waiting().add(first_worker); });
      at = r.consume(at);
    }
  }};
  one.join();
  two.join();
  consumer.join();
  check(r.live + r.passed_over == 4, "all of it has passed");
}
enlist const here_parked{"many.parking", "producers asleep for room, a consumer for events", parked};

}  // namespace

}  // namespace millrace::model
