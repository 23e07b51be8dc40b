// SPDX-License-Identifier: MIT
// A reader that sleeps elsewhere, in epoll: it says that it wants news, a worker tells him.
#include <millrace/sync/wanted.hpp>

#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

// The descriptor is an event count of its own: ringing is a notify. The worker goes home when all has been published, as at the end of
// a pipeline; who asks later sees that himself.
void told() {
  small_ring r{2};
  wanted<P> wish;
  cursor<P, site::guest_advance, site::guest_reached> at;  // of the reader
  event_count<P> descriptor;
  P::cell<std::int64_t> rung{0};
  name(wish, "wish");
  name(descriptor, "descriptor");
  constexpr std::int64_t n = 2;
  auto const news = [&] { return r.events.published() > at.published(); };
  P::thread producer{[&] {
    this_is("producer");
    for (std::int64_t i = 0; i < n; ++i) r.events.publish(1, r.table);
  }};
  P::thread worker{[&] {
    this_is("worker");
    for (bool over = false; !over;) {
      auto const key = r.worker_sleep[0].prepare();
      r.events.waiting().add(first_worker);
      P::heavy_barrier();
      over = r.events.published() == n;
      if (wish.asked() && news() && wish.take()) {
        descriptor.alert();
      } else if (!over) {
        r.worker_sleep[0].wait(key);
      }
    }
    if (wish.take()) descriptor.alert();  // the end
  }};
  P::thread reader{[&] {
    this_is("reader");
    for (sequence seen = 0; seen < n;) {
      auto const key = descriptor.prepare();
      wish.ask();
      if (!defect("ask without a second look") && r.events.published() > seen) {
        if (!wish.take()) descriptor.wait(key);  // it is being told just now
      } else {
        r.worker_sleep[0].alert();
        descriptor.wait(key);
      }
      seen = r.events.published();
      at.publish(seen);
    }
  }};
  producer.join();
  worker.join();
  reader.join();
}
enlist const here_told{"wanted.told", "a reader in epoll is told of news each time that it asks", told};

}  // namespace

}  // namespace millrace::model
