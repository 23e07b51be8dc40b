// SPDX-License-Identifier: MIT
// A ring closes while its producer claims and publishes: whoever closes learns exactly what was published, nothing follows.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

void close_counts() {
  small_ring r{2};
  r.gate.add(r.stages[0]);
  std::int64_t published = 0;  // the producer's
  std::int64_t consumed = 0;   // the consumer's
  auto const kind = one_of(2);
  P::thread producer{[&] {
    this_is("producer");
    while (published < 3) {
      auto const claimed = r.events.try_claim(kind == 1 && r.events.next() == 0 ? 2 : 1, r.gate);
      if (claimed == status::closed) break;
      if (claimed == status::would_block) {
        P::yield();
        continue;
      }
      check(claimed == status::ok, "the claim can succeed");
      auto const s = r.events.next();
      if (one_of(2) == 1) P::yield();  // it takes its time
      r.slot(s).write() = value_of(s);
      if (r.events.publish(1, r.table) == status::closed) break;
      ++published;
    }
    if (r.events.closed()) check(r.events.try_claim(1, r.gate) == status::closed, "closed is for ever");
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    for (;;) {
      auto const end = r.events.end();  // before the look at what is there: at the end that is all there will be
      auto const to = defect("reads what is published, not what is readable") ? r.events.published() : r.events.readable();
      for (; consumed < to; ++consumed) check(r.slot(consumed).read() == value_of(consumed), "the event that was published");
      r.stages[0].advance(1, consumed);
      if (end != sequence_limit) break;
      P::yield();
    }
  }};
  P::thread closer{[&] {
    this_is("closer");
    r.events.close();
  }};
  producer.join();
  consumer.join();
  closer.join();
  check(r.events.end() == published, "every event whose publication was in time is in the stream, and no other");
  check(consumed == published, "they are what consumers see");
}
enlist const here_counts{"closing.counts", "close: an exact end, for the producer, the closer and consumers", close_counts};

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
      r.events.publish(1, r.table);
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
