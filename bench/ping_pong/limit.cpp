// SPDX-License-Identifier: MIT
// Round trips by hand. The limit is two lines, each with a flag and its payload, with or without
// pauses between looks; the others come closer, step by step, to
// what a ring must do: the payload apart from the flag, a ring one way with a flag back, a ring each way.
#include <thread>

#include "ping_pong/flag.hpp"
#include "ping_pong/problem.hpp"
#include "support/pin.hpp"
#include "support/spsc.hpp"
#include "support/start_line.hpp"

namespace bench::ping_pong {
namespace {

/// The hand-written ring; the consumer's back-off never waits for single events.
class ring {
 public:
  void send(std::int64_t number) {
    out_.publish([&](message& m) { m.number = number; });
  }
  auto receive(std::int64_t) -> std::int64_t {
    std::int64_t ready = 0;
    while ((ready = ring_.published()) == at_) back_off_.found(0);
    std::int64_t number = 0;
    for_each(ring_, at_, ready, [&](message const& m) { number = m.number; });
    back_off_.found(ready - at_);
    ring_.release(at_ = ready);
    return number;
  }

 private:
  spsc_ring<message> ring_{capacity};
  alignas(line) spsc_producer<message> out_{ring_};  // the sender's own
  alignas(line) std::int64_t at_ = 0;                // the receiver's own
  adaptive_back_off back_off_;
};

template <typename There, typename Back>
auto between_two_threads(load const& l) -> measured {
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
    result = timed_trips(l, "ping_pong, hand-written", [&](std::int64_t i) {
      there.send(i);
      return back.receive(i);
    });
  }};
  ping.join();
  pong.join();
  return result;
}

auto by_hand(char const* variant, measured (*run)(load const&), role part) -> entry {
  return {.where = &topic, .job = job, .contender = "hand-written", .variant = variant, .run = run, .part = part};
}

enter const entered{
    {by_hand("two lines, payload beside its flag", between_two_threads<flagged, flagged>, role::limit),
     by_hand("two lines, pausing", between_two_threads<flagged_pausing, flagged_pausing>, role::limit),
     by_hand("payload on a line of its own, flag back", between_two_threads<flagged_apart, flagged>, role::contender),
     by_hand("ring there, flag back", between_two_threads<ring, flagged>, role::contender),
     by_hand("ring there, ring back", between_two_threads<ring, ring>, role::contender)}};

}  // namespace
}  // namespace bench::ping_pong
