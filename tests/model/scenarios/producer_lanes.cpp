// SPDX-License-Identifier: MIT
// Producers with a lane each, and the one that takes from them in turns: sleeping on both sides, the end, and another holder.
#include <millrace/run/producer_lanes.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

/// An event that is watched for races.
struct watched_event {
  P::cell<std::int64_t> value;
};

struct lane_ring {
  event_count<P> worker_sleep, producers_sleep;
  sleepers<P> table;
  lanes<P> stage;  // the source
  producer_lanes<watched_event, full_policy<when_full::wait>, P> in;
  lane_merge<watched_event> merge;
  std::array<std::int64_t, 2> published{}, seen{};

  explicit lane_ring(std::size_t slots) {
    table.seat(first_worker, worker_sleep);
    table.seat(sleepers<P>::others, producers_sleep);
    merge.lanes = 2;
    in.open(merge, capacity{slots}, parks, producers_sleep, table);
    name(stage, "source");
    name(worker_sleep, "sleep of the worker");
    name(producers_sleep, "sleep of the producers");
    for (std::size_t k = 0; k < 2; ++k) {
      name(in.all()[k]->producer, k == 0 ? "lane 0" : "lane 1");
      name(in.all()[k]->taken, k == 0 ? "taken of lane 0" : "taken of lane 1");
    }
  }
  void produce(std::size_t me, std::int64_t n) {
    auto& l = *in.all()[me];
    patience<P> look{parks};
    for (std::int64_t i = 0; i < n; ++i) {
      if (l.producer.claim(1, l.gate, look, l.others) != status::ok) return;
      l.slots[l.size.slot_of(l.producer.next())].value.write() = static_cast<std::int64_t>(me) * 1000 + i;
      if (l.producer.publish(1, l.table) != status::ok) return;
      ++published[me];
    }
  }
  /// What a worker does that holds the source: looks, and takes what is there.
  auto drive(sequence at) -> sequence {
    auto const limit = in.look(merge);
    if (limit <= at) return at;
    for (; at < limit; ++at) {
      auto* const e = merge();
      check(e != nullptr, "there is an event for each number");
      if (e == nullptr) return at;
      auto const v = e->value.read();
      auto const who = static_cast<std::size_t>(v / 1000);
      check(v % 1000 == seen[who]++, "each producer's order is kept");
    }
    stage.advance(1, at);
    stage.waiting.notify(table);
    return at;
  }
};

void parked() {
  lane_ring r{1 + one_of(2)};
  constexpr std::int64_t each = 2;
  P::thread one{[&] {
    this_is("producer 0");
    r.produce(0, each);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    r.produce(1, each);
  }};
  P::thread worker{[&] {
    this_is("worker");
    patience<P> look{parks};
    for (sequence at = 0;;) {
      auto const to = r.drive(at);  // also gives back what was taken the last time: nobody sleeps before a look that finds nothing
      if (to != at && !defect("lanes: sleeps before giving back")) {
        at = to;
        continue;
      }
      if ((at = to) == 2 * each) break;
      sleep_until(look, r.worker_sleep, [&] { return r.in.readable() > at; }, [&] { r.in.add_waiter(first_worker); });
    }
  }};
  P::thread flusher{[&] {
    this_is("flusher");
    patience<P> look{parks};
    auto const before = r.in.entered();
    r.in.await_taken([&](auto& sleep, auto taken, auto announce) {
      static_cast<void>(wait_until<P>(look, sleep, for_ever, [&] { return taken() || r.stage.reached() == 2 * each; }, announce));
    });
    check(r.stage.reached() >= before, "what had been published is taken");
  }};
  one.join();
  two.join();
  worker.join();
  flusher.join();
  check(r.seen[0] == each && r.seen[1] == each, "all are taken");
}
enlist const here_parked{"producer_lanes.parking", "producers asleep for room in their lanes, a worker for events of any", parked};

void closed() {
  lane_ring r{1};
  P::thread one{[&] {
    this_is("producer 0");
    r.produce(0, 3);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    r.produce(1, 2);
  }};
  sequence end = 0;
  cursor<P, site::version_publish, site::version_read> known_end{sequence_limit};
  P::thread worker{[&] {
    this_is("worker");
    for (sequence at = 0;;) {
      auto const e = known_end.published();
      auto const to = r.drive(at);
      if (to == at && e != sequence_limit) break;
      if (to == at) P::yield();
      at = to;
    }
  }};
  P::thread closer{[&] {
    this_is("closer");
    end = r.in.close();
    known_end.publish(end);
    r.table.alert_all();
  }};
  one.join();
  two.join();
  worker.join();
  closer.join();
  check(end == r.published[0] + r.published[1], "the end is where all lanes end");
  check(r.stage.reached() == end && r.seen[0] == r.published[0] && r.seen[1] == r.published[1], "and all of it is taken");
}
enlist const here_closed{"producer_lanes.closing", "all lanes close while producers publish", closed};

// Two workers take turns in holding the source.
void handed_over() {
  lane_ring r{2};
  constexpr std::int64_t each = 2;
  P::thread one{[&] {
    this_is("producer 0");
    r.produce(0, each);
  }};
  P::thread two{[&] {
    this_is("producer 1");
    r.produce(1, each);
  }};
  auto const work = [&] {
    while (r.stage.reached() < 2 * each) {
      if (r.stage.take(1) == 0) {
        P::yield();
        continue;
      }
      auto const at = r.stage.at(0);
      auto const to = r.drive(at);
      r.stage.put(1);
      if (to == at) P::yield();
    }
  };
  P::thread first{[&] {
    this_is("first worker");
    work();
  }};
  P::thread second{[&] {
    this_is("second worker");
    work();
  }};
  one.join();
  two.join();
  first.join();
  second.join();
  check(r.seen[0] == each && r.seen[1] == each, "all are taken, each once");
}
enlist const here_over{"producer_lanes.hand_over", "two workers hold the source in turns", handed_over};

}  // namespace

}  // namespace millrace::model
