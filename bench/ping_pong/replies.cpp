// SPDX-License-Identifier: MIT
// Round trips by replies: the pinging thread publishes and waits for what flows out, by a future or in a coroutine. By hand the same goes
// over the same two lines.
#include <coroutine>
#include <exception>
#include <thread>

#include "ping_pong/problem.hpp"
#include "support/millrace.hpp"

namespace bench::ping_pong {
namespace {

template <typename... Way>
auto sentence(Way... way) {
  return mr::from<message>(way..., mr::replies) | mr::map<"answer">([](message const& m) noexcept { return m.number; });
}

template <auto... Way>
auto by_future(load const& l) -> measured {
  constexpr char const* name = "ping_pong, millrace's future";
  auto crew = one_worker();
  mr::runner run{sentence(Way...), crew, {.capacity = capacity, .plan = mr::fused, .wait = mr::busy_spin}};
  measured result;
  std::thread{[&] {
    pin(0);
    auto in = run.input();
    result = timed_trips(l, name, [&](std::int64_t i) { return in.submit([&](message& m) { m.number = i; }).get(); });
  }}.join();
  expect(name, run.finish().ok(), "the pipeline did not end well");
  return result;
}

struct detached {
  struct promise_type {
    auto get_return_object() noexcept -> detached { return {}; }
    auto initial_suspend() noexcept -> std::suspend_never { return {}; }
    auto final_suspend() noexcept -> std::suspend_never { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
/// Sends what `number` is whenever it is resumed, and says what came back.
template <typename Input>
auto answers(Input in, mr::loop& by, std::int64_t const& number, std::int64_t& back, std::int64_t last) -> detached {
  while (number != last) {
    auto r = co_await in.on(by).async([&](message& m) { m.number = number + 1; });
    back = *r;
  }
}
auto by_coroutine(load const& l) -> measured {
  constexpr char const* name = "ping_pong, millrace's coroutine";
  auto crew = one_worker();
  mr::runner run{sentence(mr::many_producers), crew, {.capacity = capacity, .plan = mr::fused, .wait = mr::busy_spin}};
  measured result;
  std::thread{[&] {
    pin(0);
    mr::loop loop{mr::busy_spin};
    std::int64_t sent = 0, back = 0;
    answers(run.input(), loop, sent, back, trips(l));
    result = timed_trips(l, name, [&](std::int64_t i) {
      sent = i;
      while (!loop.run_one()) {  // resumes it, and it sends the next
      }
      return back;
    });
  }}.join();
  expect(name, run.finish().ok(), "the pipeline did not end well");
  return result;
}

enter const entered{{{.where = &topic, .job = job, .contender = "millrace", .variant = "submit and get, busy spin", .run = by_future<>},
                    {.where = &topic, .job = job, .contender = "millrace", .variant = "submit and get, many producers, busy spin", .run = by_future<mr::many_producers>},
                     {.where = &topic, .job = job, .contender = "millrace", .variant = "co_await, resumed by a spinning loop", .run = by_coroutine}}};

}  // namespace
}  // namespace bench::ping_pong
