// SPDX-License-Identifier: MIT
// Ends of whole runners, by several threads at once; threads of the program's own; handlers that are told the time.
#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

auto how(std::size_t slots) -> runner_options { return with(slots, one_of(2) == 0 ? spread : fused); }

struct counted {
  P::cell<std::int64_t> seen{0};
  auto pipeline() {
    return from<number>() | change<"a">([](number& e) { ++e.n; }) | tap<"b">([this](number const&) { ++seen.write(); });
  }
};

// A producer that may wait for room; one thread finishes, another stops, changes the plan, or finishes too.
void together() {
  counted c;
  small_crew crew;
  runner run{c.pipeline(), crew, how(1)};
  std::int64_t published = 0;
  report first, second;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (published < 2 && in.publish([](number& e) { e.n = 1; }) == status::ok) ++published;
  }};
  P::thread finisher{[&] {
    this_is("finisher");
    first = run.finish();
  }};
  auto const what = one_of(3);
  if (what == 0) run.stop();
  if (what == 1) static_cast<void>(run.apply(spread));
  second = run.finish();
  producer.join();
  finisher.join();
  check(first.published == published && first.done == c.seen.read() && first.done + first.left == published, "what was published is done or left");
  check(second.published == published && second.done == first.done && second.stopped == first.stopped, "both are told the same");
  check(what == 0 || first.ok(), "nothing is left that nobody gave up");
}
enlist const here_together{"ends.together", "finish, stop, apply and publish at once", together};

// The runner goes while somebody waits in flush.
void destroyed() {
  counted c;
  small_crew crew;
  auto end = status::ok;
  std::int64_t published = 0;
  {
    runner run{c.pipeline(), crew, how(2)};
    auto in = run.input();
    for (; published < 2; ++published) check(in.publish([](number& e) { e.n = 1; }) == status::ok, "an open runner takes events");
    P::thread waits{[&] {
      this_is("flusher");
      end = run.flush();
    }};
    if (one_of(2) == 0) run.stop();
    waits.join();
  }
  check(end == status::ok || end == status::closed, "a flush ends with the runner");
  check(end != status::ok || c.seen.read() == published, "all has passed that it says has");
}
enlist const here_destroyed{"ends.flush_and_stop", "flush while the runner stops and goes", destroyed};

// Two threads of the program's own, of which one may never come to work.
void own() {
  counted c;
  basic_workers<P> crew{{.max = 2, .own_threads = true}};
  runner run{c.pipeline(), crew, how(2)};
  P::thread worker{[&] {
    this_is("worker 0");
    if (one_of(2) == 0) run.work_on_this_thread(0);
    else run.work_some(0);
  }};
  {
    auto in = run.input();
    for (int i = 0; i < 2; ++i) check(in.publish([](number& e) { e.n = 1; }) == status::ok, "there is room");
  }
  auto const r = run.finish();
  check(r.ok() && r.done == 2, "finish does what nobody else does");
  worker.join();
  check(c.seen.read() == 2, "each event once");
}
enlist const here_own{"ends.own_threads", "threads of the program's own work, or leave it to finish", own};

// No event flows: a tick is what wakes the worker.
struct ticker {
  P::cell<std::int64_t>* ticks;
  event_count<P>* told;
  P::atomic<std::int64_t>* count;
  void operator()(number const&) const {}
  void on_tick() {
    ++ticks->write();
    count->fetch_add(1, std::memory_order::acq_rel);
    told->alert();
  }
};
void ticks() {
  P::cell<std::int64_t> told{0};
  P::atomic<std::int64_t> count{0};
  event_count<P> sleep;
  small_crew crew;
  auto o = how(1);
  runner run{from<number>() | tap<"a">([](number const&) {}) | tap<"t">(ticker{&told, &sleep, &count}, every(std::chrono::milliseconds{1})), crew, o};
  P::thread other{[&] {
    this_is("planner");
    static_cast<void>(run.apply(one_of(2) == 0 ? grouping{fused} : grouping{spread}));
  }};
  patience<P> look{parks};
  check(wait_until<P>(look, sleep, for_ever, [&] { return count.load(std::memory_order::acquire) >= 2; }, [] {}), "ticks come");
  other.join();
  check(run.finish().ok(), "and the runner ends");
}
enlist const here_ticks{"ends.ticks", "workers with nothing to do wake for ticks, while a plan changes", ticks};

// The deadline passes at any moment.
void in_time() {
  counted c;
  small_crew crew;
  runner run{c.pipeline(), crew, how(1)};
  std::int64_t published = 0;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (published < 3 && in.publish([](number& e) { e.n = 1; }) == status::ok) ++published;
  }};
  static_cast<void>(run.finish_within(std::chrono::nanoseconds{one_of(4) * 1000}));
  producer.join();
  auto const r = run.finish();
  check(r.stuck.empty() && r.published == published && r.done == c.seen.read() && r.done + r.left == published, "what was published is done or left");
  check(r.stopped || r.left == 0, "nothing is left that nobody gave up");
}
enlist const here_in_time{"ends.within", "finish_within while a producer waits for room", in_time};

}  // namespace

}  // namespace millrace::model
