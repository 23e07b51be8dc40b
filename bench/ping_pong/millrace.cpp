// SPDX-License-Identifier: MIT
// Round trips through a pipeline: the pinging thread publishes, a worker on the other core runs one stage, which sends
// the number back by a flag. The hand-written "ring there, flag back" does exactly the same.
#include <thread>

#include "ping_pong/flag.hpp"
#include "ping_pong/problem.hpp"
#include "support/millrace.hpp"

namespace bench::ping_pong {
namespace {

constexpr char const* name = "ping_pong, millrace";

template <typename Back>
struct reply {
  Back* back;
  void operator()(message const& m) const noexcept { back->send(m.number); }
};

template <typename Back>
auto there_and_back(mr::wait_policy wait) {
  return [wait](load const& l) {
    Back back;
    auto crew = one_worker();
    mr::runner run{mr::from<message>() | mr::tap<"reply">(reply<Back>{&back}), crew,
                   {.capacity = capacity, .plan = mr::fused, .wait = wait}};
    measured result;
    std::thread{[&] {
      pin(0);
      auto in = run.input();
      result = timed_trips(l, name, [&](std::int64_t i) {
        auto const done = in.publish([&](message& m) { m.number = i; });
        expect(name, done == mr::status::ok, "a message was not published");
        return back.receive(i);
      });
    }}.join();
    expect(name, run.finish().ok(), "the pipeline did not end well");
    return result;
  };
}

template <typename Back>
auto millrace(char const* variant, mr::wait_policy wait) -> entry {
  return {.where = &topic, .job = job, .contender = "millrace", .variant = variant, .run = there_and_back<Back>(wait)};
}

enter const entered{{millrace<flagged>("pipeline there, flag back, default waiting", mr::wait_policy{}),
                     millrace<flagged_pausing<4>>("pipeline there, flag with four pauses a look back, default waiting", mr::wait_policy{}),
                     millrace<flagged>("pipeline there, flag back, busy spin", mr::busy_spin)}};

}  // namespace
}  // namespace bench::ping_pong
