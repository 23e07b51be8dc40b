// SPDX-License-Identifier: MIT
// Events through a ring of one or two slots: each once, in order, never written over while somebody looks.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

void one_consumer() {
  small_ring r{1 + one_of(2)};
  r.gate.add(r.stages[0]);
  constexpr std::int64_t n = 3;
  play(part{"producer", [&] { r.produce(n, looks); }},
       part{"consumer", [&] {
         back_off<P> back;
         sequence at = 0;
         while (at < n) {
           auto to = r.events.published();
           if (to == at) {
             P::yield();
             continue;
           }
           if (defect("reads too far")) ++to;
           check(to - at <= r.size.slots(), "no more events than slots");
           auto const found = to - at;
           for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
           r.advance(0, at);
           back.after(found, r.size.slots());
         }
       }});
  check(r.events.published() == n && r.stages[0].reached() == n, "all is done");
}
enlist const here_one{"ring.one", "one producer, one consumer, capacity 1 and 2", one_consumer};

// Stage A changes an event, stage B looks at it; the producer waits for B only.
void two_in_a_row() {
  small_ring r{1 + one_of(2)};
  r.gate.add(r.stages[defect("gate forgets the last") ? 0 : 1]);
  constexpr std::int64_t n = 2;
  barrier<P> upstream;
  upstream.add(r.stages[0]);
  play(part{"producer", [&] { r.produce(n, looks); }},
       part{"stage A", [&] {
         for (sequence at = 0; at < n;) {
           auto const to = r.events.published();
           if (to == at) P::yield();
           if (to == at) continue;
           for (; at < to; ++at) r.slot(at).write() += 1000;
           r.advance(0, at);
         }
       }},
       part{"stage B", [&] {
         for (sequence at = 0; at < n;) {
           auto const to = defect("downstream does not wait") ? r.events.published() : upstream.reached();
           if (to == at) P::yield();
           if (to == at) continue;
           for (; at < to; ++at) check(r.slot(at).read() == value_of(at, 1), "the event as stage A left it");
           r.advance(1, at);
         }
       }});
}
enlist const here_row{"ring.row", "two consumers one after the other, the producer gated by the last", two_in_a_row};

// Two stages look at the same events at once; the producer waits for the slower.
void two_side_by_side() {
  small_ring r{1 + one_of(2)};
  for (auto& s : r.stages) {
    r.gate.add(s);
    if (defect("gate forgets the last")) break;
  }
  constexpr std::int64_t n = 3;
  auto const stage = [&](std::size_t i) {
    for (sequence at = 0; at < n;) {
      auto const to = r.events.published();
      if (to == at) P::yield();
      if (to == at) continue;
      for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
      r.advance(i, at);
    }
  };
  play(part{"producer", [&] { r.produce(n, looks); }}, part{"stage A", [&] { stage(0); }}, part{"stage B", [&] { stage(1); }});
}
enlist const here_side{"ring.side", "two consumers side by side, the producer gated by the slower", two_side_by_side};

// The end of the range of sequences: the last events pass, then claims are refused.
void end_of_range() {
  small_ring r{2, sequence_limit - 2};
  r.gate.add(r.stages[0]);
  play(part{"producer", [&] {
         patience<P> look{looks};
         for (int i = 0; i < 2; ++i) {
           check(r.events.claim(1, r.gate, look, r.producer_sleep) == status::ok, "there is room");
           auto const s = r.events.next();
           r.slot(s).write() = i;
           r.events.publish(1, r.table);
         }
         check(r.events.claim(1, r.gate, look, r.producer_sleep) == status::refused, "the range is used up");
         std::int64_t got = 7;
         check(r.events.try_claim_up_to(2, r.gate, got) == status::refused && got == 0, "the range is used up");
       }},
       part{"consumer", [&] {
         for (sequence at = sequence_limit - 2; at < sequence_limit;) {
           auto const to = r.events.published();
           if (to == at) P::yield();
           for (; at < to; ++at) check(r.slot(at).read() == at - (sequence_limit - 2), "the event that was published");
           r.advance(0, at);
         }
       }});
}
enlist const here_end{"ring.end", "the last sequences of the range", end_of_range};

}  // namespace

}  // namespace millrace::model
