// SPDX-License-Identifier: MIT
// Two workers and one serial stage: the lane goes from hand to hand, and with it the stage's cursor and plain state.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

/// A serial stage that counts and sums in plain data, which only the holder of its lane may touch.
struct counting_stage {
  P::cell<std::int64_t> seen{0};
  P::cell<int> inside{0};

  /// One batch by the holder: at most `most` events.
  auto run(small_ring& r, sequence most) -> bool {
    check(inside.write()++ == 0, "one holder at a time");
    auto const from = r.stages[0].at(0);
    auto to = r.events.published();
    if (to > from + most) to = from + most;
    for (auto at = from; at < to; ++at) {
      check(r.slot(at).read() == value_of(at), "the event that was published");
      check(seen.write()++ == at, "each event once, in order");
    }
    if (to != from) r.advance(0, to);
    --inside.write();
    return to != from;
  }
};

void put(small_ring& r) {
  r.stages[0].put(1);
  if (!defect("put without notify")) r.stages[0].wanting.notify(r.table);
}

void lane_travels() {
  small_ring r{1 + one_of(2)};
  r.gate.add(r.stages[0]);
  counting_stage stage;
  name(stage.seen, "the stage's state");
  constexpr std::int64_t n = 3;
  auto const worker = [&](char const* who) {
    this_is(who);
    while (r.stages[0].reached() < n) {
      auto const got = r.stages[0].take(1);
      if (got == 0) {
        P::yield();
        continue;
      }
      bool const any = stage.run(r, 1);
      put(r);
      if (!any) P::yield();
    }
  };
  P::thread producer{[&] {
    this_is("producer");
    r.produce(n, looks);
  }};
  P::thread first{worker, "worker 0"}, second{worker, "worker 1"};
  producer.join();
  first.join();
  second.join();
  check(stage.seen.read() == n, "every event was seen");
}
enlist const here_travels{"lanes.travel", "two workers take and put the lane of a serial stage", lane_travels};

// The same, but who gets no lane or finds no event sleeps: woken by events, or by a lane that is put down.
void lane_sleepers() {
  small_ring r{1};
  r.gate.add(r.stages[0]);
  counting_stage stage;
  constexpr std::int64_t n = 2;
  auto& lane = r.stages[0];
  auto const worker = [&](std::size_t seat) {
    this_is(seat == first_worker ? "worker 0" : "worker 1");
    patience<P> look{parks};
    for (;;) {
      sleep_until(
          look, r.worker_sleep[seat],
          [&] {
            if (lane.reached() >= n) return true;
            if (lane.held() != 0) return false;
            return r.events.published() > lane.reached();
          },
          [&] {
            r.events.waiting().add(seat);
            lane.wanting.add(seat);
            lane.waiting.add(seat);  // the end
          });
      if (lane.reached() >= n) return;
      if (lane.take(1) == 0) continue;
      static_cast<void>(stage.run(r, 1));
      put(r);
    }
  };
  P::thread producer{[&] {
    this_is("producer");
    r.produce(n, parks);
  }};
  P::thread first{worker, first_worker}, second{worker, second_worker};
  producer.join();
  first.join();
  second.join();
  check(stage.seen.read() == n, "every event was seen");
}
enlist const here_sleepers{"lanes.sleepers", "the same, and who gets nothing sleeps", lane_sleepers};

// One worker runs an event, puts the lane down and goes. The other must notice, though no cursor moves any more.
void hand_over() {
  small_ring r{2};
  counting_stage stage;
  auto& lane = r.stages[0];
  r.gate.add(lane);
  constexpr std::int64_t n = 2;
  r.produce(n, looks);
  P::thread leaver{[&] {
    this_is("leaver");
    if (lane.take(1) == 0) return;
    static_cast<void>(stage.run(r, 1));
    put(r);
  }};
  P::thread heir{[&] {
    this_is("heir");
    patience<P> look{parks};
    while (lane.reached() < n) {
      sleep_until(look, r.worker_sleep[0], [&] { return lane.held() == 0; }, [&] { lane.wanting.add(first_worker); });
      if (lane.take(1) == 0) continue;
      static_cast<void>(stage.run(r, 1));
      put(r);
    }
  }};
  leaver.join();
  heir.join();
  check(stage.seen.read() == n, "every event was seen");
}
enlist const here_hand_over{"lanes.hand_over", "a worker leaves, the next one waits for its lane", hand_over};

// What held() promises: who sees a lane free again sees how far its last holder came.
void free_lane_shows_cursor() {
  lanes<P> stage;
  name(stage, "stage");
  P::atomic<bool> taken{false};
  P::thread worker{[&] {
    this_is("worker");
    check(stage.take(1) == 1, "nobody else wants it");
    taken.store(true, std::memory_order::release);
    stage.advance(1, 1);
    stage.put(1);
  }};
  P::thread looker{[&] {
    this_is("looker");
    while (!taken.load(std::memory_order::acquire)) P::yield();
    if (stage.held() == 0) check(stage.reached() == 1, "a free lane shows its cursor");
  }};
  worker.join();
  looker.join();
}
enlist const here_held{"lanes.held", "who sees a lane free sees its cursor", free_lane_shows_cursor};

// A stage of several lanes: workers hold some each, the stage has come as far as its last lane.
void shared_stage() {
  lanes<P> stage{most_lanes};
  name(stage, "stage");
  constexpr lane_mask half = 0x00000000FFFFFFFF;
  P::cell<int> states[2];
  auto const worker = [&](unsigned me) {
    this_is(me == 0 ? "worker 0" : "worker 1");
    auto const begin = one_of(2);
    for (unsigned done = 0; done != 2;) {
      auto const i = (begin + done) % 2;
      auto const mine = i == 0 ? half : ~half;
      auto const got = stage.take(mine);
      check(got == 0 || got == mine, "halves are taken whole here");
      if (got == 0) {
        P::yield();
        continue;
      }
      auto const to = ++states[i].write();
      if (to == 2)
        for (std::size_t l = i * 32; l < i * 32 + 32; l += 31) check(stage.at(l) == 1, "the cursors travel with the lanes");
      stage.advance(got, to);
      stage.put(got);
      ++done;
    }
  };
  P::thread first{worker, 0u}, second{worker, 1u};
  auto const seen = stage.reached();
  check(seen >= 0 && seen <= 2 && stage.reached() >= seen, "a stage does not go back");
  first.join();
  second.join();
  check(stage.reached() == 2, "every lane has moved twice");
}
enlist const here_shared{"lanes.shared", "a stage of 64 lanes in two hands", shared_stage};

}  // namespace

}  // namespace millrace::model
