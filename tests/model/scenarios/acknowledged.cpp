// SPDX-License-Identifier: MIT
// A stage whose cursor waits for acknowledgements from other threads: it stands at the lesser of what was seen and what was acknowledged.
#include <millrace/sync/acknowledged.hpp>

#include "model/scenarios/kit.hpp"

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

}  // namespace

}  // namespace millrace::model
