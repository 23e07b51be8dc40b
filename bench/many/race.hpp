// SPDX-License-Identifier: MIT
// Three producers and a consumer, against the clock.
#pragma once

#include <cstdint>
#include <thread>

#include "many/problem.hpp"
#include "support/check.hpp"

namespace bench::many {

/// Runs `consume` beside the producers, and takes the time from the start to the end of both.
template <typename Make, typename Consume>
auto race(load const& l, std::int64_t batch, char const* contender, Make make, Consume consume) -> measured {
  start_line ready{producers + 1};
  stopwatch watch;
  add_up seen;
  std::thread consumer{[&] {
    pin_consumer();
    auto mine = seen;
    ready.wait();
    watch.start();
    consume(mine);
    seen = mine;
  }};
  produce(ready, l.events, batch, make);
  consumer.join();
  watch.stop();
  expect_equal(contender, seen.sum, expected(l.events));
  return throughput(watch, each_of(l.events) * static_cast<std::int64_t>(producers));
}

}  // namespace bench::many
