// SPDX-License-Identifier: MIT
// The event count by itself, at the end of its 31-bit epochs.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

constexpr std::uint32_t last_epoch = 0x7FFFFFFF;

// Two pieces of news without any other order, two who wait for both: alert() and prepare() alone must see to it.
void alerts() {
  event_count<P> sleep{last_epoch - one_of(2)};
  P::atomic<bool> news[2];
  P::cell<int> data[2];
  name(sleep, "event count");
  name(news, "news");
  name(data, "data");
  auto const sleeper = [&] {
    this_is("sleeper");
    auto const all = [&] { return news[0].load(std::memory_order::acquire) && news[1].load(std::memory_order::acquire); };
    while (!all()) {
      auto const key = sleep.prepare();
      if (!defect("no second look") && all()) break;
      sleep.wait(key);
    }
    check(data[0].read() == 1 && data[1].read() == 1, "what came before the news");
  };
  auto const bringer = [&](int i) {
    this_is("bringer");
    data[i].write() = 1;
    news[i].store(true, std::memory_order::release);
    if (defect("notify instead of alert")) sleep.notify();
    else sleep.alert();
  };
  P::thread a{sleeper}, b{sleeper}, c{bringer, 0}, d{bringer, 1};
  a.join();
  b.join();
  c.join();
  d.join();
}
enlist const here_alerts{"event_count.alerts", "two sleepers, two that alert, epochs that wrap around", alerts};

// What a wait that ended promises: the writes of who ended it, without any other word.
void wait_acquires() {
  event_count<P> sleep{last_epoch};
  P::cell<int> data{0};
  name(sleep, "event count");
  name(data, "data");
  auto const key = sleep.prepare();
  P::thread sleeper{[&] {
    this_is("sleeper");
    if (one_of(2) == 0) sleep.wait(key);
    else
      do sleep.wait_until(key, P::now() + 100);
      while (sleep.prepare() == key);  // it was only the time
    check(data.read() == 1, "who ended the wait wrote this before");
  }};
  P::thread bringer{[&] {
    this_is("bringer");
    data.write() = 1;
    sleep.notify();
  }};
  sleeper.join();
  bringer.join();
}
enlist const here_wait{"event_count.wait", "a wait that ends acquires what the notifier wrote", wait_acquires};

// Notified through masks, as stages are: two sleepers, two who make progress.
void masks() {
  small_ring r{2};
  auto const sleeper = [&](std::size_t seat) {
    this_is(seat == first_worker ? "sleeper 0" : "sleeper 1");
    patience<P> look{parks};
    sleep_until(
        look, r.worker_sleep[seat], [&] { return r.stages[0].reached() == 1 && r.stages[1].reached() == 1; },
        [&] {
          for (auto& s : r.stages) s.waiting.add(seat);
        });
  };
  auto const mover = [&](std::size_t i) {
    this_is(i == 0 ? "mover 0" : "mover 1");
    r.advance(i, 1);
  };
  P::thread a{sleeper, first_worker}, b{sleeper, second_worker}, c{mover, std::size_t{0}}, d{mover, std::size_t{1}};
  a.join();
  b.join();
  c.join();
  d.join();
}
enlist const here_masks{"event_count.masks", "two sleepers on two cursors, woken through masks", masks};

// One cursor that moves twice. Who waits for the second move and announces himself while the first is being told to another
// must not be struck off the mask unwoken.
void second_move() {
  small_ring r{2};
  auto const sleeper = [&](std::size_t seat) {
    this_is(seat == first_worker ? "waits for 1" : "waits for 2");
    patience<P> look{parks};
    auto const wanted = static_cast<sequence>(seat) + 1;
    sleep_until(look, r.worker_sleep[seat], [&] { return r.stages[0].reached() >= wanted; }, [&] { r.stages[0].waiting.add(seat); });
  };
  P::thread a{sleeper, first_worker}, b{sleeper, second_worker};
  P::thread mover{[&] {
    this_is("mover");
    r.advance(0, 1);
    r.advance(0, 2);
  }};
  a.join();
  b.join();
  mover.join();
}
enlist const here_second{"event_count.second", "two sleepers on one cursor, for its first and its second move", second_move};

}  // namespace

}  // namespace millrace::model
