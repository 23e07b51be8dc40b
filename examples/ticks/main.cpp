// SPDX-License-Identifier: MIT
// Prices from outside: a feed publishes on its own thread, a pipeline finds those far from their average, and the main thread
// watches it at work. Returns 0 if the alarms are those that come without threads.
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

#include <millrace.hpp>
namespace mr = millrace;
using namespace std::chrono_literals;

constexpr std::size_t ticks = 1'000'000, burst = 1000;
struct tick {
  std::size_t symbol;
  double price;
  auto operator==(tick const&) const -> bool = default;
};
auto tick_at(std::size_t i) -> tick { return {i % 8, 100 + std::sin(1e-5 * double(i + i * (i % 8)))}; }  // eight symbols, on waves

// [ticks]
struct distance {  // of a price from the moving average of its symbol
  std::array<double, 8> average{100, 100, 100, 100, 100, 100, 100, 100};
  auto operator()(tick const& t) -> double {
    auto& a = average[t.symbol];
    a += (t.price - a) / 1000;
    return t.price - a;
  }
};
auto alarms_into(std::vector<tick>& alarms) {
  return mr::from<tick>()
       | mr::map<"distance">(distance{})
       | mr::filter<"far">([](double d) { return std::abs(d) > 0.5; })
       | mr::tap<"alarm">([&](tick const& t) { alarms.push_back(t); }, mr::takes<"event">);
}

int main() {
  std::vector<tick> alarms, expected, events;
  mr::runner run{alarms_into(alarms), {.capacity = 8192}};

  auto feed = std::async(std::launch::async, [in = run.input()]() mutable {
    for (std::size_t at = 0; at != ticks; at += burst, std::this_thread::sleep_for(100us))
      if (in.publish(burst, [&](tick& t, std::size_t i) { t = tick_at(at + i); }) != mr::status::ok) return;
  });
  while (feed.wait_for(20ms) == std::future_status::timeout) {
    auto const now = mr::snapshot(run);
    std::cout << now.events.published << " ticks, " << now.events.depth << " in the ring\n";
  }
  run.finish().rethrow();
  std::cout << mr::snapshot(run) << alarms.size() << " alarms\n";
  // [/ticks]
  for (std::size_t i = 0; i != ticks; ++i) events.push_back(tick_at(i));
  mr::run_inline(alarms_into(expected), events);
  return alarms == expected && !alarms.empty() ? 0 : 1;
}
