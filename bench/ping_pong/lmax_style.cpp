// SPDX-License-Identifier: MIT
// Round trips the LMAX way (PingPongSequencedLatency): a ring each way, the handler of one publishes into the other.
#include <thread>

#include "ping_pong/problem.hpp"
#include "support/lmax.hpp"
#include "support/pin.hpp"
#include "support/start_line.hpp"

namespace bench::ping_pong {
namespace {

template <typename Wait>
struct way {
  lmax::ring_buffer<message, Wait> ring{capacity};
  lmax::sequence done;
  way() { ring.gate_by(done); }

  auto barrier() -> lmax::sequence_barrier<Wait> { return {ring.wait_strategy(), ring.cursor(), ring.cursor()}; }
  void send(std::int64_t number) {
    auto const at = ring.next();
    ring.get(at).number = number;
    ring.publish(at);
  }
};

template <typename Wait>
auto two_rings(load const& l) -> measured {
  way<Wait> there;
  way<Wait> back;
  start_line ready{2};
  measured result;
  std::thread pong{[&] {
    pin(1);
    ready.wait();
    lmax::process(there.ring, there.barrier(), there.done, [&](message const& m) { back.send(m.number); },
                  trips(l) - 1);
  }};
  std::thread ping{[&] {
    pin(0);
    ready.wait();
    auto barrier = back.barrier();
    result = timed_trips(l, "ping_pong, lmax-style", [&](std::int64_t i) {
      there.send(i);
      barrier.wait_for(i - 1);
      auto const number = back.ring.get(i - 1).number;
      back.done.set(i - 1);
      return number;
    });
  }};
  ping.join();
  pong.join();
  return result;
}

auto lmax_style(char const* variant, measured (*run)(load const&), role part) -> entry {
  return {.where = &topic, .job = job, .contender = "lmax-style", .variant = variant, .run = run, .part = part};
}

enter const entered{{lmax_style("busy spin", two_rings<lmax::busy_spin>, role::lmax),
                     lmax_style("yielding", two_rings<lmax::yielding>, role::contender)}};

}  // namespace
}  // namespace bench::ping_pong
