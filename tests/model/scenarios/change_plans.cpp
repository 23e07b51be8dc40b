// SPDX-License-Identifier: MIT
// The plan changes while events flow: lanes go from hand to hand, workers are hired and go ashore, and nobody may notice.
#include "model/scenarios/changing.hpp"

namespace millrace::model {

namespace {

constexpr std::int64_t n = 3;

auto slots() -> std::size_t { return 1 + one_of(2); }
auto asleep() -> bool { return one_of(2) == 0; }

// Events from this thread, plans from another one.
template <typename... Plan>
void under_way(plan const& first, Plan const&... then) {
  auto const sleep = asleep();
  changing c{slots(), 2, sleep};
  somebody_is_late();
  c.begin(first);
  P::thread poster{[&] {
    this_is("poster");
    (check(c.post(then) == status::ok, "a running runner takes plans"), ...);
  }};
  c.produce(n);
  poster.join();
  if (sleep) c.settle();
  c.finish();
}

void fuse_split_fuse() {
  auto const w = one_of(2);
  under_way(changing::layout(0, 0), changing::layout(0, 1), changing::layout(w, w));
}
enlist const here_fuse{"change.fuse_split", "both stages to one worker, to two, to one", fuse_split_fuse};

void swap() { under_way(changing::layout(0, 1), changing::layout(1, 0)); }
enlist const here_swap{"change.swap", "two workers exchange their stages", swap};

void rehire() { under_way(changing::layout(0, 0), changing::layout(1, 1), changing::layout(0, 0)); }
enlist const here_rehire{"change.rehire", "a worker goes ashore and is hired again", rehire};

void three() { under_way(changing::any_plan(), changing::any_plan(), changing::any_plan(), changing::any_plan()); }
enlist const here_three{"change.three", "three plans in a row, faster than they settle: the last one counts", three};

void two_posters() {
  auto const sleep = asleep();
  changing c{slots(), 2, sleep};
  c.begin(changing::layout(0, 0));
  auto const poster = [&](plan const& p) { check(c.post(p) == status::ok, "a running runner takes plans"); };
  P::thread first{poster, changing::any_plan()}, second{poster, changing::any_plan()};
  c.produce(2);
  first.join();
  second.join();
  if (sleep) c.settle();
  c.finish();
}
enlist const here_posters{"change.two_posters", "two threads hang up plans at once", two_posters};

// A worker that runs a stage takes the stage from itself, or gives it to a worker who has no job.
void by_handler() {
  auto const sleep = asleep();
  changing c{slots(), 2, sleep};
  somebody_is_late();
  auto const where = one_of(2);
  auto const when = static_cast<sequence>(one_of(2));
  auto const then = changing::any_plan();
  c.handler = [&](std::size_t stage, sequence at) {
    if (stage == where && at == when) check(c.post(then) == status::ok, "a handler may hang up a plan");
    return true;
  };
  c.begin(changing::any_plan());
  c.produce(n);
  if (sleep) c.settle();
  c.finish();
}
enlist const here_handler{"change.by_handler", "a handler hangs up a plan", by_handler};

// Nothing flows: a change may wake whom it concerns, and then everybody sleeps again.
void idle() {
  changing c{1, 2, true};
  c.begin(changing::layout(0, 0));
  if (one_of(2) == 0) c.settle();
  check(c.post(changing::any_plan()) == status::ok, "an idle runner takes plans");
  if (one_of(2) == 0) c.settle();
  check(c.post(changing::any_plan()) == status::ok, "and others");
  c.settle();
  c.produce(1);
  c.settle();
  c.finish();
}
enlist const here_idle{"change.idle", "plans while nothing flows: all come to rest, and wake for the next event", idle};

// B is in the middle of an event for long. Meanwhile A goes to somebody else and goes on: nobody waits for B's worker.
void neighbours() {
  auto const sleep = asleep();
  changing c{2, 3, sleep};
  auto const heir = 2 * one_of(2);  // 0: A stays where it is
  P::atomic<bool> inside{false};
  c.handler = [&](std::size_t stage, sequence at) {
    if (stage != 1 || at != 0) return true;
    inside.store(true);
    while (c.passed(0) < 2 || c.board.version() < 2) P::yield();
    return true;
  };
  c.begin(changing::layout(0, 1));
  P::thread poster{[&] {
    this_is("poster");
    while (!inside.load()) P::yield();
    check(c.post(changing::layout(heir, 1)) == status::ok, "a running runner takes plans");
    if (one_of(2) == 1) check(c.post(changing::layout(heir, heir)) == status::ok, "and others");
  }};
  c.produce(n);
  poster.join();
  if (sleep) c.settle();
  c.finish();
}
enlist const here_neighbours{"change.neighbours", "a handler takes long, and its neighbour moves on without it", neighbours};

}  // namespace

}  // namespace millrace::model
