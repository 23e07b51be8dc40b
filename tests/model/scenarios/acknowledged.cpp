// SPDX-License-Identifier: MIT
// A stage whose cursor waits for acknowledgements from other threads: it stands at the lesser of what was seen and what was acknowledged.
#include <millrace/sync/acknowledged.hpp>

#include <bit>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

// Two threads acknowledge while the handler sees events; whoever is last, the cursor comes to the end, and nobody behind it reads more
// than the handler has written.
void released() {
  small_ring r{2};
  acknowledged<P> acks;
  name(acks, "acknowledged");
  constexpr std::int64_t n = 2;
  auto const acknowledge = [&](sequence to) {
    acks.up_to(to, r.stages[0]);
    if (!defect("acknowledge without notify")) r.stages[0].waiting.notify(r.table);
  };
  P::thread handler{[&] {
    this_is("handler");
    for (sequence at = 0; at < n; ++at) {
      r.slot(at).write() = value_of(at);
      acks.ran(at + 1, r.stages[0]);
      r.stages[0].waiting.notify(r.table);
    }
  }};
  P::thread one{[&] {
    this_is("one who acknowledges");
    acknowledge(1);
    acknowledge(n);
  }};
  P::thread other{[&] {
    this_is("another");
    acknowledge(1);
  }};
  P::thread behind{[&] {
    this_is("stage B");
    patience<P> look{parks};
    for (sequence at = 0; at < n;) {
      auto to = at;
      sleep_until(look, r.worker_sleep[1], [&] { return (to = r.stages[0].reached()) > at; }, [&] { r.stages[0].waiting.add(second_worker); });
      check(to <= n, "not beyond what was seen");
      for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event as the handler left it");
    }
  }};
  handler.join();
  one.join();
  other.join();
  behind.join();
}
enlist const here_released{"acks.released", "a cursor that waits for acknowledgements, and a stage asleep behind it", released};

// Of four events through two slots the handler sees some. Acknowledgements come too early, late, and out of order; whoever is last, the cursor
// comes to the end, and never beyond an event that was seen and that nobody has acknowledged.
void passed_over() {
  constexpr std::int64_t n = 4;
  small_ring r{2};
  acknowledged<P> acks;
  acks.passes_over(r.size);
  name(acks, "acknowledged");
  auto const seen = one_of(1u << n);
  auto const sees = [&](sequence at) { return (seen >> at & 1) != 0; };
  sequence begun = 0;  // to acknowledge
  auto const acknowledge = [&](sequence at) {
    if (begun < at + 1) begun = at + 1;
    acks.up_to(at + 1, r.stages[0]);
    r.stages[0].waiting.notify(r.table);
  };
  P::thread handler{[&] {
    this_is("handler");
    patience<P> look{parks};
    for (sequence at = 0; at < n;) {
      sleep_until(look, r.worker_sleep[0], [&] { return at < r.stages[0].reached() + r.size.slots(); }, [&] { r.stages[0].waiting.add(first_worker); });
      auto to = at + 1;
      if (to < n && to < r.stages[0].reached() + r.size.slots() && one_of(2) == 1) ++to;
      for (; at < to; ++at) r.slot(at).write() = value_of(at);
      acks.ran(to, r.stages[0], sees);
      r.stages[0].waiting.notify(r.table);
    }
  }};
  P::thread one{[&] {
    this_is("one who acknowledges");
    for (sequence at = 0; at < n; ++at)
      if (sees(at)) acknowledge(at);
  }};
  P::thread other{[&] {
    this_is("another");
    for (sequence at = n - 1; at >= 0; --at)
      if (sees(at) && at % 2 == 0) acknowledge(at);
  }};
  P::thread behind{[&] {
    this_is("stage B");
    patience<P> look{parks};
    for (sequence at = 0; at < n;) {
      auto to = at;
      sleep_until(look, r.worker_sleep[1], [&] { return (to = r.stages[0].reached()) > at; }, [&] { r.stages[0].waiting.add(second_worker); });
      check(to <= n, "not beyond what was there");
      for (; at < to; ++at) {
        check(!sees(at) || at < begun, "what was seen is acknowledged");
        if (at + r.size.slots() >= n) check(r.slot(at).read() == value_of(at), "the event as the handler left it");  // nobody comes to this slot again
      }
    }
  }};
  handler.join();
  one.join();
  other.join();
  behind.join();
  check(r.stages[0].reached() == n, "all is released");
}
enlist const here_passed_over{"acks.passed_over", "events that a stage which waits for acknowledgements does not see", passed_over};

// A whole runner: a filter drops some of three events, a producer gives up some, the plan changes; whoever saw an event confirms it, at once or from
// another thread. The end comes, or a stop; nobody waits for what nobody can confirm.
void confirmed() {
  constexpr std::int64_t n = 3;
  small_crew crew;
  auto const goes_on = one_of(1u << n), given_up = one_of(2) == 0 ? 0u : one_of(1u << n);
  auto const seen = goes_on & ~given_up;
  bool const at_once = one_of(2) == 0, stops = one_of(4) == 1;
  std::int64_t logged = 0, behind = 0;
  acknowledger confirm;
  runner run{from<number>(many_producers) | filter<"some">([&](number const& e) { return (goes_on >> e.n & 1) != 0; }) |
                 tap<"log">(
                     [&](number const&, at where) {
                       ++logged;
                       if (at_once) confirm(where.sequence);
                     },
                     manual_ack) |
                 tap<"behind">([&](number const& e) {
                   check((seen >> e.n & 1) != 0, "what the filter has let through");
                   ++behind;
                 }),
             crew, with(2, spread)};
  confirm = run.acknowledger<"log">();
  name_parts(run);
  P::thread producer{[&] {
    this_is("producer");
    auto in = run.input();
    for (std::int64_t i = 0; i < n; ++i) {
      auto mine = in.claim(1);
      if (!mine) break;
      mine[0].n = i;
      if ((given_up >> i & 1) == 0) static_cast<void>(mine.publish());
    }
  }};
  P::thread broker{[&] {
    this_is("broker");
    if (!at_once)
      for (std::int64_t i = 0; i < n; ++i)
        if ((seen >> i & 1) != 0) confirm(i);
  }};
  P::thread planner{[&] {
    this_is("planner");
    if (one_of(2) == 1) static_cast<void>(run.apply(any_plan_for(run)));
    if (stops) run.stop();
  }};
  producer.join();
  auto const r = run.finish();
  broker.join();
  planner.join();
  check(r.error == nullptr && r.done + r.left == r.published, "all is accounted for");
  check(r.stopped || (r.done == n && logged == std::popcount(seen) && behind == logged), "all is done");
}
enlist const here_confirmed{"runner.confirmed", "a filter and a producer that gives up before a stage that waits for acknowledgements", confirmed};

}  // namespace

}  // namespace millrace::model
