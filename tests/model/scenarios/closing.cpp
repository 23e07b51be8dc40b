// SPDX-License-Identifier: MIT
// A ring closes while its producer claims and publishes: whoever closes learns exactly what was published, nothing follows.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

void close_counts() {
  small_ring r{2};
  r.gate.add(r.stages[0]);  // which does not move
  std::int64_t published = 0;  // the producer's
  auto const kind = one_of(3);
  P::thread producer{[&] {
    this_is("producer");
    for (int given_up = 0;;) {
      auto const claimed = r.events.try_claim(kind == 1 && r.events.next() == 0 ? 2 : 1, r.gate);
      if (claimed == status::closed) break;
      if (claimed == status::would_block) {
        P::yield();
        continue;
      }
      check(claimed == status::ok, "the claim can succeed");
      auto const s = r.events.next();
      if (one_of(2) == 1) P::yield();  // it takes its time
      if (kind == 2 && given_up < 2 && one_of(2) == 1) {
        r.events.abandon();
        ++given_up;
        continue;
      }
      r.slot(s).write() = value_of(s);
      if (kind == 1) r.events.publish(1, r.table);
      else r.events.publish_all(1, r.table);
      ++published;
    }
    check(r.events.try_claim(1, r.gate) == status::closed, "closed is for ever");
  }};
  P::thread closer{[&] {
    this_is("closer");
    r.events.close();
    if (!defect("close without heavy barrier")) P::heavy_barrier();
    while (!r.events.settled()) P::yield();
    auto const total = r.events.published();
    for (sequence s = 0; s < total; ++s) check(r.slot(s).read() == value_of(s), "the event that was published");
    r.slots[1].write() = total;  // nobody writes slots any more
    r.slots[0].write() = total;
  }};
  producer.join();
  closer.join();
  check(r.slots[0].read() == published, "every event whose publication returned is counted");
  check(r.events.published() == published && r.events.settled(), "nothing came after");
}
enlist const here_counts{"closing.counts", "close, heavy barrier, settled: an exact count, nothing after it", close_counts};

// The producer sleeps for room that will never come.
void close_wakes() {
  small_ring r{1};
  r.gate.add(r.stages[0]);  // which does not move
  P::thread producer{[&] {
    this_is("producer");
    patience<P> look{parks};
    check(r.events.try_claim(1, r.gate) == status::ok || r.events.closed(), "there is room for one");
    if (!r.events.closed()) {
      r.slot(0).write() = 1;
      r.events.publish_all(1, r.table);
    }
    auto const s = r.events.claim(1, r.gate, look, r.producer_sleep);
    check(s == status::closed, "a full ring that closes ends the wait");
  }};
  P::thread closer{[&] {
    this_is("closer");
    r.events.close();
    if (!defect("close without alert")) r.table.alert_all();
  }};
  producer.join();
  closer.join();
}
enlist const here_wakes{"closing.wakes", "close while the producer sleeps", close_wakes};

}  // namespace

}  // namespace millrace::model
