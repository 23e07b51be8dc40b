// SPDX-License-Identifier: MIT
// 1 to 16 producers and one consumer. The kernel places the threads where there are fewer processors.
#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "growth/curve.hpp"
#include "support/check.hpp"
#include "support/millrace.hpp"
#include "support/spsc.hpp"
#include "support/start_line.hpp"

namespace bench::growth {
namespace {

constexpr topology producers = curve("growth_producers", "producers, 8-byte events, ring of 65536", 106);
constexpr std::int64_t capacity = 65536;

struct event {
  std::int64_t value;
};
struct add_up {
  std::int64_t sum = 0;
  void operator()(event const& e) noexcept { sum = opaque(sum + e.value); }
};
auto expected(std::int64_t many, std::int64_t each) -> std::int64_t { return many * (each * (each - 1) / 2); }

/// `make(p)` gives a callable that publishes one number.
template <typename Make>
void produce(start_line& ready, std::int64_t many, std::int64_t each, Make make) {
  std::vector<std::thread> threads;
  for (std::int64_t p = 0; p < many; ++p)
    threads.emplace_back([&, p, count = each] {
      pin_if_enough(static_cast<std::size_t>(p) + 1, static_cast<std::size_t>(many) + 1);
      auto put = make(static_cast<std::size_t>(p));
      ready.wait();
      for (std::int64_t i = 0; i < count; ++i) put(i);
    });
  for (auto& t : threads) t.join();
}

template <typename Way>
auto millrace(std::int64_t many, Way way) {
  return [=](load const& l) {
    constexpr char const* name = "growth of producers, millrace";
    auto const each = l.events / many;
    add_up seen;
    mr::workers crew{{.max = 1, .place = {.pin = false}}};
    mr::runner run{mr::from<event>(way) | mr::tap<"sum">(reporting<add_up>{{}, &seen}), crew, {.capacity = capacity, .plan = mr::fused}};
    start_line ready{static_cast<int>(many) + 1};
    stopwatch watch;
    std::thread starter{[&] {
      ready.wait();
      watch.start();
    }};
    produce(ready, many, each, [&](std::size_t) {
      return [in = run.input()](std::int64_t i) mutable {
        expect(name, in.publish([&](event& e) { e.value = i; }) == mr::status::ok, "an event was not published");
      };
    });
    starter.join();
    auto const report = run.finish();
    watch.stop();
    expect(name, report.ok(), "the pipeline did not end well");
    expect_equal(name, seen.sum, expected(many, each));
    return throughput(watch, each * many);
  };
}

/// A ring each, polled in turns.
auto rings(std::int64_t many) {
  return [=](load const& l) {
    auto const each = l.events / many;
    std::vector<std::unique_ptr<spsc_ring<event>>> all;
    for (std::int64_t p = 0; p < many; ++p) all.push_back(std::make_unique<spsc_ring<event>>(capacity));
    start_line ready{static_cast<int>(many) + 1};
    stopwatch watch;
    add_up seen;
    std::thread consumer{[&] {
      pin_if_enough(0, static_cast<std::size_t>(many) + 1);
      ready.wait();
      watch.start();
      add_up mine;
      consume_in_turns(all, each * many, [&](event& e) { mine(e); });
      seen = mine;
    }};
    produce(ready, many, each, [&](std::size_t p) {
      return [out = spsc_producer<event>{*all[p]}](std::int64_t i) mutable { out.publish([&](event& e) { e.value = i; }); };
    });
    consumer.join();
    watch.stop();
    expect_equal("growth of producers, by hand", seen.sum, expected(many, each));
    return throughput(watch, each * many);
  };
}

auto everything() -> std::vector<entry> {
  std::vector<entry> all;
  for (std::int64_t const many : {1, 2, 3, 4, 8, 16}) {
    all.push_back(point(producers, many, "producers", "hand-written", "a ring each, polled", role::limit, 1, rings(many)));
    all.push_back(point(producers, many, "producers", "millrace", "one order", role::contender, 1, millrace(many, mr::many_producers)));
    all.push_back(point(producers, many, "producers", "millrace", "a lane each", role::contender, 1, millrace(many, mr::lane_per_producer(static_cast<std::size_t>(many)))));
  }
  return all;
}
enter const entered{everything()};

}  // namespace
}  // namespace bench::growth
