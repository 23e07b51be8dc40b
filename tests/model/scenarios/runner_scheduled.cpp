// SPDX-License-Identifier: MIT
// Whole runners with a scheduler: its workers look, decide and change their own plan, whenever it comes.
#include <millrace/run/schedule.hpp>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

void scheduled() {
  witness a, b;
  small_crew crew;
  somebody_is_late();
  auto const tap_of = [](witness& w) { return [&w](number const& e) { w.sees(e.n); }; };
  runner run{from<number>() | tap<"a">(tap_of(a)) | tap<"b">(tap_of(b)), crew, with(1 + one_of(2), one_of(2) == 0 ? fused : spread, parks_or_looks())};
  name_parts(run);
  schedule_options o;
  o.tuned.period = o.tuned.longest_period = 1e-5;  // often, but not so that nothing else is done
  o.fixed = plan_for(run, one_of(4)).resolve(decltype(run)::engine_type::planned(), 2);
  std::shared_ptr<basic_scheduler<P> const> pilot;
  P::thread other{[&] {
    this_is("who wants a scheduler");
    pilot = millrace::schedule(run, o);
  }};
  bool const by_hand = one_of(2) == 1;
  constexpr std::int64_t n = 6;
  auto in = run.input();
  for (std::int64_t i = 0; i < n; ++i) {
    check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
    if (by_hand && i == n / 2) check(run.apply(any_plan_for(run)) == status::ok, "plans by hand are taken too");
  }
  auto const r = run.finish();
  other.join();
  check(r.ok() && r.done == n && a.next.read() == n && b.next.read() == n, "all is done, each event once");
  check(pilot->error() == nullptr, "what it decides is carried out");
}
enlist const here_scheduled{"runner.scheduled", "the workers change their own plan, when a scheduler comes, and while others change it", scheduled};

}  // namespace

}  // namespace millrace::model
