// SPDX-License-Identifier: MIT
// Whole runners that come to an end while plans change, and runners that share a crew.
#include <stdexcept>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

struct pair {
  witness a, b;

  auto pipeline(std::int64_t fails_at = -1) {
    return from<number>() | tap<"a">([this](number const& e) { a.sees(e.n); }) | tap<"b">([this, fails_at](number const& e) {
             if (e.n == fails_at) throw std::runtime_error{"this one"};
             b.sees(e.n);
             check(a.passed > e.n, "upstream first");
           });
  }
};

/// As many of `n` events as it takes.
template <typename Runner>
auto produce(Runner& run, std::int64_t n) -> std::int64_t {
  auto in = run.input();
  std::int64_t published = 0;
  while (published < n && in.publish([&](number& e) { e.n = published; }) == status::ok) ++published;
  return published;
}

// Stop, failure, or the destructor alone, while another thread changes the plan and this one publishes.
void ended() {
  pair p;
  small_crew crew;
  somebody_is_late();
  auto const way = one_of(3);
  {
    runner run{p.pipeline(way == 0 ? 1 : -1), crew, with(1 + one_of(2), fused, parks_or_looks())};
    name_parts(run);
    P::thread poster{[&] {
      this_is("poster");
      for (int i = 0; i < 2; ++i)
        if (run.apply(any_plan_for(run)) == status::closed) check(run.apply(fused) == status::closed, "closed is for ever");
      if (way == 1) run.stop();
    }};
    auto const published = produce(run, 3);
    poster.join();
    if (way != 2) {
      auto const r = run.finish();
      check(r.published == published && r.done + r.left == published, "what was published is done or left");
      check(way == 1 ? r.ok() || r.stopped : r.failed_stage == "b" && r.failed_at == 1, "it tells how it went");
    }
  }
  check(p.a.inside.read() == 0 && p.b.inside.read() == 0 && p.a.next.read() >= p.b.next.read(), "nobody is inside any more");
}
enlist const here_ended{"runner.ended", "stop, a failure, destruction, while plans change", ended};

// One of them is destroyed while the other changes its plan and goes on.
void shared_crew() {
  pair p, q;
  small_crew crew;
  somebody_is_late();
  auto const stays = one_of(2) == 0;
  runner run{p.pipeline(), crew, with(1, fused, parks_or_looks())};
  name_parts(run);
  P::thread other{[&] {
    this_is("the other runner's");
    runner second{q.pipeline(), crew, with(1, spread, parks_or_looks())};
    check(second.apply(any_plan_for(second)) == status::ok, "a running runner takes plans");
    auto const published = produce(second, 1);
    if (stays) check(published == 1 && second.finish().done == 1 && q.b.next.read() == 1, "all is done");
  }};
  check(run.apply(any_plan_for(run)) == status::ok, "a running runner takes plans");
  check(produce(run, 2) == 2, "an open runner takes events");
  check(run.apply(any_plan_for(run)) == status::ok, "a running runner takes plans");
  other.join();
  check(run.finish().done == 2 && p.b.next.read() == 2, "all is done, each event once");
}
enlist const here_shared{"runner.shared_crew", "two runners on one crew, plans change in both; one may be destroyed meanwhile", shared_crew};

// A worker that the plan needs for the first time has no thread yet, and gets none.
void no_thread() {
  pair p;
  small_crew crew;
  runner run{p.pipeline(), crew, with(1, fused, parks_or_looks())};
  name_parts(run);
  auto const before = run.current_plan();
  bool refused = false;
  plan_fault(fault_site::spawn, 1);
  try {
    static_cast<void>(run.apply(plan_for(run, 1 + one_of(3))));
  } catch (injected_fault const&) {
    refused = true;
  }
  check(refused && run.current_plan() == before, "the old plan stays");
  check(produce(run, 2) == 2, "and serves");
  check(run.apply(spread) == status::ok, "a second try gets a thread");
  check(run.finish().done == 2 && p.b.next.read() == 2, "all is done, each event once");
}
enlist const here_no_thread{"runner.no_thread", "a plan needs a thread that cannot be started", no_thread};

}  // namespace

}  // namespace millrace::model
