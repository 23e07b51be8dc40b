// SPDX-License-Identifier: MIT
// The plan changes while the runner starts, fails to hire, or comes to its end: nobody is forgotten, everybody leaves.
#include "model/scenarios/changing.hpp"

namespace millrace::model {

namespace {

// Plans from one thread, the end from another, events from this one.
template <typename End>
void ended(changing& c, End end) {
  c.begin(changing::any_plan());
  P::thread poster{[&] {
    this_is("poster");
    for (int i = 0; i < 2; ++i) static_cast<void>(c.post(changing::any_plan()));
    if (c.course.now() >= life::stopping) check(c.post(changing::layout(0, 1)) == status::closed, "a runner that has ended takes no plan");
  }};
  P::thread ender{[&] {
    this_is("ender");
    end();
  }};
  c.produce(2);
  poster.join();
  ender.join();
}

auto slots() -> std::size_t { return 1 + one_of(2); }
auto asleep() -> bool { return one_of(2) == 0; }

void stopped() {
  changing c{slots(), 2, asleep()};
  somebody_is_late();
  ended(c, [&] { c.stop(); });
  c.wait_for_the_end();
}
enlist const here_stopped{"change.stopped", "stop while plans change", stopped};

void drained() {
  changing c{slots(), 2, asleep()};
  somebody_is_late();
  ended(c, [&] { c.drain(); });
  c.finish();
}
enlist const here_drained{"change.drained", "no more events while plans change: what has entered passes", drained};

void failed() {
  changing c{slots(), 2, asleep()};
  auto const where = one_of(2);
  auto const when = static_cast<sequence>(one_of(2));
  c.handler = [=](std::size_t stage, sequence at) { return stage != where || at != when; };
  ended(c, [] {});
  if (c.published <= when) c.stop();
  c.wait_for_the_end();
  check(c.passed(where) <= when, "what has failed is not passed");
}
enlist const here_failed{"change.failed", "a handler fails while plans change", failed};

void flushed() {
  changing c{1, 2, asleep()};
  somebody_is_late();
  c.begin(changing::any_plan());
  P::thread poster{[&] {
    this_is("poster");
    for (int i = 0; i < 2; ++i) check(c.post(changing::any_plan()) == status::ok, "a running runner takes plans");
  }};
  c.produce(1);
  check(c.flush() == status::ok && c.passed(1) == 1, "what was published has passed");
  c.produce(1);
  check(c.flush() == status::ok && c.passed(1) == 2, "and again");
  poster.join();
  c.finish();
}
enlist const here_flushed{"change.flushed", "flush while plans change", flushed};

void paused() {
  changing c{1, 2, asleep()};
  check(c.post(changing::any_plan()) == status::ok, "a plan may be hung up before the start");
  P::thread poster{[&] {
    this_is("poster");
    check(c.post(changing::any_plan()) == status::ok, "before the start or after it");
  }};
  P::thread starter{[&] {
    this_is("starter");
    c.start();
  }};
  c.produce(2);
  poster.join();
  starter.join();
  c.finish();
}
enlist const here_paused{"change.paused", "a plan changes while the runner starts", paused};

// Whom the plan needs cannot be hired: the old plan stays, and who was hired for nothing leaves again.
void nobody_to_hire() {
  changing c{1, 2, asleep()};
  auto const first = changing::layout(0, 0);
  c.begin(first);
  P::thread poster{[&] {
    this_is("poster");
    plan_fault(fault_site::spawn, 1);
    try {
      static_cast<void>(c.post(changing::layout(1, one_of(2))));
      check(false, "the worker cannot be hired");
    } catch (injected_fault const&) {
      check(c.board.current() == first, "the old plan stays");
    }
    auto const again = changing::layout(1, 1);
    check(c.post(again) == status::ok && c.board.current() == again, "a second try gets him");
  }};
  c.produce(2);
  poster.join();
  c.finish();
}
enlist const here_nobody{"change.nobody_to_hire", "a plan needs a worker who cannot be hired", nobody_to_hire};

}  // namespace

}  // namespace millrace::model
