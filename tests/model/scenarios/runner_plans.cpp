// SPDX-License-Identifier: MIT
// Whole runners whose plans change while events flow: from outside, by a handler, with a filter, with an own source.
#include <functional>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

template <typename Runner>
void change_twice(Runner& run) {
  for (int i = 0; i < 2; ++i) check(run.apply(any_plan_for(run)) == status::ok, "a running runner takes plans");
}

// Every second event is kept, what is kept is doubled, and added up.
struct halved {
  witness keep, twice, add;
  P::cell<std::int64_t> sum{0};

  auto pipeline() {
    return from<number>() | filter<"keep">([this](number const& e) { return keep.sees(e.n), e.n % 2 == 0; }) |
           map<"twice">([this](number const& e) { return twice.sees(e.n, 2), e.n * 2; }) | tap<"add">([this](std::int64_t v) {
             add.sees(v, 4);
             check(keep.passed > v / 2 && twice.passed > v / 2, "upstream first");
             sum.write() += v;
           });
  }
};

void changed() {
  halved h;
  small_crew crew;
  somebody_is_late();
  runner run{h.pipeline(), crew, with(1 + one_of(2), one_of(2) == 0 ? spread : fused, parks_or_looks())};
  name_parts(run);
  P::thread poster{[&] {
    this_is("poster");
    change_twice(run);
  }};
  constexpr std::int64_t n = 3;
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  }
  poster.join();
  auto const r = run.finish();
  check(r.ok() && r.done == n && h.keep.next.read() == n && h.sum.read() == 4, "all is done, each event once");
}
enlist const here_changed{"runner.changed", "a filter, a map and a tap, while plans change", changed};

// The last stage may be in another hand than the first.
void by_handler() {
  witness a, b;
  small_crew crew;
  somebody_is_late();
  auto const who = one_of(2);
  auto const when = static_cast<std::int64_t>(one_of(2));
  auto const which = one_of(4);
  std::function<void()> change_plan;
  auto const at = [&](unsigned me, std::int64_t n) {
    if (me == who && n == when) change_plan();
  };
  runner_options o = with(1 + one_of(2), fused, parks_or_looks());
  o.paused = true;
  runner run{from<number>() | tap<"a">([&](number const& e) { a.sees(e.n), at(0, e.n); }) | tap<"b">([&](number const& e) { b.sees(e.n), at(1, e.n); }), crew, o};
  name_parts(run);
  change_plan = [&] { check(run.apply(plan_for(run, which)) == status::ok, "a handler may change the plan"); };
  run.start();
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < 3; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  }
  check(run.finish().done == 3 && a.next.read() == 3 && b.next.read() == 3, "all is done, each event once");
}
enlist const here_handler{"runner.by_handler", "a handler changes the plan that it runs under", by_handler};

void own_source() {
  witness a;
  small_crew crew;
  somebody_is_late();
  P::cell<std::int64_t> made{0};
  constexpr std::int64_t n = 3;
  auto const next = [&]() -> std::optional<std::int64_t> {
    auto const i = made.read();
    if (i == n) return {};
    made.write() = i + 1;
    return i;
  };
  runner run{generate(next) | tap<"a">([&](std::int64_t v) { a.sees(v); }), crew, with(1 + one_of(2), one_of(2) == 0 ? spread : fused, parks_or_looks())};
  name_parts(run);
  for (int i = 0; i < 3; ++i) {
    auto const s = run.apply(any_plan_for(run));
    check(s == status::ok || s == status::closed, "taken, unless the source has ended");
  }
  auto const r = run.finish();
  check(r.ok() && r.done == n && a.next.read() == n, "all is done, each event once");
}
enlist const here_source{"runner.own_source", "plans change around a source", own_source};

void at_rest() {
  halved h;
  small_crew crew;
  runner run{h.pipeline(), crew, with(2, fused)};
  name_parts(run);
  auto in = run.input();
  if (one_of(2) == 0) world.wait_for_quiet();
  change_twice(run);
  if (one_of(2) == 0) world.wait_for_quiet();
  check(in.publish([](number& e) { e.n = 0; }) == status::ok && run.flush() == status::ok, "the first event passes");
  change_twice(run);
  world.wait_for_quiet();
  check(in.publish([](number& e) { e.n = 1; }) == status::ok, "a sleeping runner takes events");
  world.wait_for_quiet();
  check(run.flush() == status::ok && h.keep.next.read() == 2, "and works on them");
  check(run.finish().done == 2, "all is done");
}
enlist const here_rest{"runner.at_rest", "plans change while nothing flows: all come to rest, and wake for the next event", at_rest};

}  // namespace

}  // namespace millrace::model
