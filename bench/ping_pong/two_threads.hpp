// SPDX-License-Identifier: MIT
// The pinging thread and the one that sends back, each with its processor.
#pragma once

#include <cstdint>
#include <thread>

#include "ping_pong/problem.hpp"
#include "support/pin.hpp"
#include "support/start_line.hpp"

namespace bench::ping_pong {

/// `There` and `Back` have send(number) and receive(number).
template <typename There, typename Back>
auto between_two_threads(load const& l, char const* contender) -> measured {
  There there;
  Back back;
  start_line ready{2};
  measured result;
  std::thread pong{[&] {
    pin(1);
    ready.wait();
    for (std::int64_t i = 1; i <= trips(l); ++i) back.send(there.receive(i));
  }};
  std::thread ping{[&] {
    pin(0);
    ready.wait();
    result = timed_trips(l, contender, [&](std::int64_t i) {
      there.send(i);
      return back.receive(i);
    });
  }};
  ping.join();
  pong.join();
  return result;
}

}  // namespace bench::ping_pong
