// SPDX-License-Identifier: MIT
// Round trips by hand. The limit is two lines, each with a flag and its payload, with or without
// pauses between looks; the others come closer, step by step, to
// what a ring must do: the payload apart from the flag, a ring one way with a flag back, a ring each way.
#include "ping_pong/flag.hpp"
#include "ping_pong/problem.hpp"
#include "ping_pong/two_threads.hpp"
#include "support/spsc.hpp"

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

auto by_hand(char const* variant, measured (*run)(load const&, char const*), role part) -> entry {
  return {.where = &topic, .job = job, .contender = "hand-written", .variant = variant, .run = [run](load const& l) { return run(l, "ping_pong, hand-written"); }, .part = part};
}

enter const entered{
    {by_hand("two lines, payload beside its flag", between_two_threads<flagged, flagged>, role::limit),
     by_hand("two lines, a pause a look", between_two_threads<flagged_pausing<1>, flagged_pausing<1>>, role::limit),
     by_hand("two lines, four pauses a look", between_two_threads<flagged_pausing<4>, flagged_pausing<4>>, role::limit),
     by_hand("payload on a line of its own, flag back", between_two_threads<flagged_apart, flagged>, role::contender),
     by_hand("ring there, flag back", between_two_threads<ring, flagged>, role::contender),
     by_hand("ring there, flag with four pauses a look back", between_two_threads<ring, flagged_pausing<4>>, role::contender),
     by_hand("ring there, ring back", between_two_threads<ring, ring>, role::contender)}};

}  // namespace
}  // namespace bench::ping_pong
