// SPDX-License-Identifier: MIT
// The least that a change of plan can be: one lane, no events. Small enough to try all schedules up to two pre-emptions.
#include <millrace/run/plan_board.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

auto only(std::size_t worker) -> plan {
  plan p{2, 1};
  p.give(worker, 0, 1);
  return p;
}

// Worker 0 has the lane and works under it; the plan gives it to worker 1, who is hired for that and may come too early.
void hand_over() {
  lifecycle<P> course{1};
  plan_board<P> board{course};
  lanes<P> lane;
  event_count<P> bed;
  sleepers<P> table;
  P::cell<int> state{0};
  table.seat(1, bed);
  name(board, "board");
  name(course, "life");
  name(lane.wanting, "sleepers of the lane");
  name(lane, "lane");
  name(bed, "bed");
  name(state, "state");
  int hired = 0;
  auto const hire = [&](std::size_t) { ++hired; };
  check(board.post(only(0), hire, [](std::uint64_t) {}) == status::ok, "a paused runner takes plans");
  board.start(hire, [] {});
  check(lane.take(1) == 1, "nobody else is there");
  P::thread first{[&] {
    this_is("worker 0");
    sequence version = -1;
    state.write() = 1;
    lane.advance(1, 1);
    while (board.read(0, version, [&](plan const& p) {
      if (p.employs(0) || defect("goes ashore without putting down")) return;
      lane.put(1);
      lane.wanting.notify(table);
    })) P::yield();
    check(board.current().employs(1), "who goes ashore is not in the plan");
  }};
  P::thread heir{[&] {
    this_is("worker 1");
    patience<P> look{parks};
    sleep_until(look, bed, [&] { return lane.held() == 0; }, [&] { lane.wanting.add(1); });
    check(lane.take(1) == 1 && lane.at(0) == 1 && state.read() == 1, "the lane brings what was done under it");
  }};
  check(board.post(only(1), hire, [&](std::uint64_t mask) { check(mask == 3, "it concerns both"); }) == status::ok, "a running runner takes plans");
  first.join();
  heir.join();
  check(hired == 2, "each is hired once");
}
enlist const here_small{"change.hand_over", "a lane goes from one worker to another, who sleeps until it is free", hand_over};

}  // namespace

}  // namespace millrace::model
