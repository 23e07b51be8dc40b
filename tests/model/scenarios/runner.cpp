// SPDX-License-Identifier: MIT
// Whole runners: a crew of two, its mailboxes, plans, hooks of life and death, all on the simulated machine.
#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

// Stage a doubles, stage b adds up. What they keep is watched: two workers must not be in one stage at once.
struct watched {
  P::cell<std::int64_t> runs{0}, sum{0};

  auto pipeline() {
    return from<number>() | change<"a">([this](number& e) {
             ++runs.write();
             e.n *= 2;
           }) |
           tap<"b">([this](number const& e) { sum.write() += e.n; });
  }
};

auto how(std::size_t slots) -> runner_options { return with(slots, one_of(2) == 0 ? spread : fused); }

void whole() {
  watched w;
  small_crew crew;
  runner run{w.pipeline(), crew, how(1 + one_of(2))};
  name_parts(run);
  constexpr std::int64_t n = 3;
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i + 1; }) == status::ok, "an open runner takes events");
  }
  auto const r = run.finish();
  check(r.ok() && r.published == n && r.done == n, "all is done");
  check(w.runs.read() == n && w.sum.read() == n * (n + 1), "each event once");
}
enlist const here_whole{"runner.whole", "publish and finish", whole};

void idle() {
  watched w;
  small_crew crew;
  runner run{w.pipeline(), crew, how(2)};
  name_parts(run);
  world.wait_for_quiet();
  auto in = run.input();
  check(in.publish([](number& e) { e.n = 1; }) == status::ok, "an open runner takes events");
  check(run.flush() == status::ok, "the event passes");
  world.wait_for_quiet();
  check(w.sum.read() == 2, "and was seen");
  check(in.publish([](number& e) { e.n = 2; }) == status::ok, "a sleeping runner takes events");
  world.wait_for_quiet();
  check(run.flush() == status::ok && w.sum.read() == 6, "and works on them");
  check(run.finish().done == 2, "all is done");
}
enlist const here_idle{"runner.idle", "workers with nothing to do sleep, and wake for the next event", idle};

void stopped() {
  watched w;
  small_crew crew;
  runner run{w.pipeline(), crew, how(1)};
  name_parts(run);
  std::int64_t published = 0;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (published < 4 && in.publish([](number& e) { e.n = 1; }) == status::ok) ++published;
  }};
  P::thread other{[&] {
    this_is("stopper");
    run.stop();
  }};
  producer.join();
  other.join();
  auto const r = run.finish();
  check(r.published == published && r.done <= published && r.done + r.left == published, "what was published is done or left");
}
enlist const here_stopped{"runner.stopped", "stop while a producer publishes", stopped};

void failing() {
  small_crew crew;
  runner run{from<number>() | tap<"a">([](number const&) {}) | tap<"b">([](number const& e) {
               if (e.n == 1) throw std::runtime_error{"one"};
             }),
             crew, how(1)};
  name_parts(run);
  std::int64_t published = 0;
  {
    auto in = run.input();
    while (in.publish([&](number& e) { e.n = published; }) == status::ok) ++published;
  }
  auto const r = run.finish();
  check(!r.ok() && r.failed_stage == "b" && r.failed_at == 1, "the failure is told");
  check(published >= 2 && r.published == published, "the producer learns that it is over");
}
enlist const here_failing{"runner.failing", "a handler throws while the producer waits for room", failing};

// A tap comes and goes while events flow, the plan changes, and the end comes, one way or another.
void visited() {
  watched w;
  P::cell<std::int64_t> last{-1};
  small_crew crew;
  runner run{w.pipeline(), crew, how(1 + one_of(2))};
  constexpr std::int64_t n = 3;
  auto const end = one_of(3);
  std::int64_t published = 0;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (published < n && in.publish([&](number& e) { e.n = published + 1; }) == status::ok) ++published;
  }};
  P::thread guest{[&] {
    this_is("guest");
    auto const from = one_of(2) == 0 ? millrace::now : oldest;
    auto spy = run.attach(after<"a"> | tap<"spy">([&](number const& e, at where) {
                            check(e.n == 2 * (where.sequence + 1), "the event as stage a left it");
                            check(last.read() < 0 || last.read() + 1 == where.sequence, "each event once, in order");
                            last.write() = where.sequence;
                            if (end == 2) throw std::runtime_error{"seen"};
                          }),
                          from);
    if (one_of(2) == 1) P::yield();
    spy.detach();
    check(!spy.running(), "it is gone");
  }};
  if (one_of(2) == 1) static_cast<void>(run.apply(one_of(2) == 0 ? spread : fused));
  if (end == 1) run.stop();
  producer.join();
  guest.join();
  auto const r = run.finish();
  check(r.published == published && r.done + r.left == published, "what was published is done or left");
  if (end == 0) check(r.ok() && w.runs.read() == n && w.sum.read() == n * (n + 1), "each event once");
}
enlist const here_visited{"runner.visited", "a tap comes and goes; events flow, plans change, it is stopped or fails", visited};

// A tap that fails at some events is tried again, or passes over them: nobody waits for it but for as long as it pauses, and who takes it away or
// stops all does not even for that.
void forgiving() {
  watched w;
  small_crew crew;
  runner run{w.pipeline(), crew, how(1 + one_of(2))};
  constexpr std::int64_t n = 3;
  auto const bad = one_of(1u << n);
  auto const end = one_of(3);
  std::int64_t published = 0, tried = 0, seen = 0;
  sequence last = -1;
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    while (published < n && in.publish([&](number& e) { e.n = published + 1; }) == status::ok) ++published;
  }};
  P::thread guest{[&] {
    this_is("guest");
    auto spy = run.attach(after<"a"> | tap<"spy">(
                                           [&](number const& e, at where) {
                                             check(e.n == 2 * (where.sequence + 1), "the event as stage a left it");
                                             check(where.sequence == last || where.sequence == last + 1 || last == -1, "in order");
                                             last = where.sequence;
                                             ++tried;
                                             if ((bad >> where.sequence & 1) != 0) throw std::runtime_error{"bad"};
                                             ++seen;
                                           },
                                           on_error(retry(1, std::chrono::nanoseconds{one_of(2) == 0 ? 0 : 100}, skip)), idempotent),
                          oldest);
    if (end == 2) {
      spy.detach();
      check(!spy.running(), "it is gone");
    } else {
      auto const r = run.finish();
      if (end == 0) check(r.ok() && r.taps.size() == 1 && r.taps[0].done == seen + r.taps[0].failed && tried == seen + 2 * r.taps[0].failed, "once or twice");
    }
  }};
  if (one_of(2) == 1) static_cast<void>(run.apply(one_of(2) == 0 ? spread : fused));
  if (end == 1) run.stop();
  producer.join();
  guest.join();
  auto const r = run.finish();
  check(r.error == nullptr && r.done + r.left == published, "what was published is done or left");
  if (end != 1) check(w.runs.read() == published && w.sum.read() == published * (published + 1), "each event once");
}
enlist const here_forgiving{"runner.forgiving", "a tap comes whose events fail and are tried again; it goes, all ends or is stopped", forgiving};

// A handler hangs until somebody is told that it does: a worker that does not hang has to see it, whichever hangs. Or nobody hangs, and who looks
// out goes or is stopped, at any time.
void hanging() {
  small_crew crew;
  auto const end = one_of(3), hangs_in = end == 0 ? one_of(3) : 2;
  P::atomic<int> told{0};
  auto const see = [&](unsigned stage, number const& e) {
    while (stage == hangs_in && e.n == 1 && told.load(std::memory_order::relaxed) == 0) P::yield();
  };
  runner run{from<number>() | tap<"a">([&](number const& e) { see(0, e); }) | tap<"b">([&](number const& e) { see(1, e); }), crew, how(1 + one_of(2))};
  name_parts(run);
  name(told, "told");
  int open = 0;
  auto watch = run.on_stall(std::chrono::microseconds{1}, [&](stall const& s) {
    check(s.stage == "a" || s.stage == "b", "a stage");
    open += s.over ? -1 : 1;
    check(open >= 0, "over when it has begun");
    told.store(1, std::memory_order::relaxed);
  });
  P::thread other{[&] {
    this_is("other");
    if (end == 1) run.stop();
    if (end == 2) watch.detach();
    if (end == 2) check(!watch.running(), "it is gone");
  }};
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < 2 && in.publish([&](number& e) { e.n = i; }) == status::ok; ++i) {}
  }
  auto const r = run.finish();
  other.join();
  check(!watch.running(), "it has ended");
  check(r.error == nullptr && (end == 1 || r.done == 2), "all is done");
  check(end != 0 || open == 0, "each is over in the end");
}
enlist const here_hanging{"runner.hanging", "a handler that hangs is told by whoever does not; the lookout goes, all ends or is stopped", hanging};

// Nobody runs the stage once its worker has put it down: he has not heard of the guest, so the stage itself must tell.
void put_down() {
  watched w;
  basic_workers<P> crew{{.max = 1, .own_threads = true}};
  runner run{w.pipeline(), crew, with(1, fused)};
  P::thread worker{[&] {
    this_is("worker 0");
    run.work_some();
  }};
  auto const r = run.reader<"a">(one_of(2) == 0 ? millrace::now : oldest);
  worker.join();
  check(!r.ended(), "it has begun");
}
enlist const here_put_down{"runner.put_down", "a reader comes while a worker puts a stage down that nobody will take", put_down};

// The end waits for a tap, not for a reader.
void finished() {
  watched w;
  std::int64_t spied = 0;
  small_crew crew;
  runner run{w.pipeline(), crew, how(1)};
  auto spy = run.attach(tap<"spy">([&](number const& e) { spied += e.n; }), millrace::now);
  auto r = run.reader<"a">(millrace::now);
  std::int64_t read = 0;
  P::thread reading{[&] {
    this_is("reader");
    while (r.wait() == status::ok) r.poll([&](number const& e) { read += e.n; });
  }};
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < 2; ++i) check(in.publish([&](number& e) { e.n = i + 1; }) == status::ok, "an open runner takes events");
  }
  check(run.finish().ok() && spied == 6, "all is done, and the tap has seen it");
  reading.join();
  check(read == 6, "the reader comes to the end too");
}
enlist const here_finished{"runner.finished", "finish with a tap and a reader", finished};

// Hooks for idle times come once for each, however the worker has got the stage; whoever gets it meanwhile does not tell again.
void told_idle() {
  struct listener {
    int* told;
    void operator()(number const&) const {}
    void on_idle() const { ++*told; }
  };
  int told = 0;
  small_crew crew;
  somebody_is_late();
  auto const wait = one_of(2) == 0 ? parks : blocking;
  runner run{from<number>() | tap<"a">(listener{&told}), crew, with(1 + one_of(2), fused, wait)};
  name_parts(run);
  for (int i = 0; i < 2; ++i) {
    world.wait_for_quiet();
    check(told == i + 1, "told once that there is nothing to do");
    if (one_of(2) == 0) {
      check(run.apply(plan_for(run, 1)) == status::ok, "a running runner takes plans");
      world.wait_for_quiet();
      check(told == i + 1, "a worker that takes over does not tell again");
    }
    check(run.input().publish([](number& e) { e.n = 1; }) == status::ok, "an open runner takes events");
  }
  check(run.finish().done == 2, "all is done");
}
enlist const here_told{"runner.told_idle", "a handler that hears of idle times, each once", told_idle};

}  // namespace

}  // namespace millrace::model
