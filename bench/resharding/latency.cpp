// SPDX-License-Identifier: MIT
// A burst every 200 us, published by the thread that is the first worker too; each fifth one is followed by a change at once, and its
// events are what is counted: in flight while lanes change hands, from when the burst was due. The limit is the same without changes,
// half of it with either plan. Both threads are the program's own, so that no third one takes a processor from them.
#include <thread>
#include <vector>

#include "resharding/problem.hpp"

namespace bench::resharding {
namespace {

constexpr char const* name = "resharding_latency, millrace";
constexpr std::size_t stages = 3;  // lanes, work, fold
constexpr std::int64_t period_ns = 200'000;
constexpr std::size_t capacity = 1 << 16;
constexpr std::size_t one_in = 5;  // bursts

struct event : keyed::event {
  std::uint64_t begun;  // 0: not counted
};
/// Where events end.
struct arrivals {
  std::vector<std::uint64_t>* took;
  std::uint64_t folded = 0;
  void operator()(std::int64_t v, event const& e) {
    folded = folded * 31 + static_cast<std::uint64_t>(v);
    if (e.begun != 0) took->push_back(ticks() - e.begun);
  }
};

/// So many that one worker is a quarter full.
auto burst_of(double ns) -> std::size_t { return ns == 0 ? 500 : 90; }

/// Publishes a burst when it is time, and is worker 0 between. `change(k)` is called right behind each burst that counts.
template <typename Runner, typename Change>
void publish_and_work(Runner& run, std::int64_t counted, std::size_t size, Change change) {
  pin(0);
  auto in = run.input();
  auto const period = static_cast<std::uint64_t>(static_cast<double>(period_ns) / ns_per_tick());
  auto next = ticks();
  std::int64_t number = 0;
  for (std::size_t burst = 0; burst < static_cast<std::size_t>(counted) * one_in; ++burst, next += period) {
    while (ticks() < next) run.work_some(0);
    bool const counts = burst % one_in == one_in - 1;
    auto const begun = counts ? next : 0;
    auto const fill = [&](event& e, std::size_t) {
      e = {{keyed::keys()[static_cast<std::size_t>(number & ((1 << 20) - 1))], number}, begun};
      ++number;
    };
    while (in.try_publish(size, fill) != mr::status::ok) run.work_some(0);
    if (counts) change(burst / one_in);
  }
  while (run.work_some(0)) {
  }
}

auto in_bursts(shape const& s, double ns, bool changes) {
  return [s, ns, changes](load const& l) -> measured {
    auto const size = burst_of(ns);
    std::vector<std::uint64_t> took;
    took.reserve(static_cast<std::size_t>(l.events) * size);
    std::array<mr::grouping, 2> const both{plan_of(s.plans[0], stages), plan_of(s.plans[1], stages)};
    mr::workers crew{{.max = 2, .own_threads = true}};
    mr::runner run{mr::from<event>() | mr::map<"work">(keyed::work<mr::keyed_state<std::int64_t, std::int64_t>>{keyed::links_of(ns)}, mr::keyed_by(&event::key)) |
                       mr::tap<"fold">(arrivals{&took}, mr::takes<"work", "event">),
                   crew, {.capacity = capacity, .plan = both[0], .wait = mr::busy_spin}};
    std::thread other{[&] {
      pin(1);
      run.work_on_this_thread(1);
    }};
    std::size_t plan = 0;
    std::thread{[&] {
      publish_and_work(run, l.events, size, [&](std::size_t k) {
        if (!changes && k != static_cast<std::size_t>(l.events) / 2) return;
        expect(name, run.apply(both[plan = 1 - plan]) == mr::status::ok, "a plan was not taken");
      });
    }}.join();
    expect(name, run.finish().ok(), "the pipeline did not end well");
    other.join();
    expect_equal(name, took.size(), static_cast<std::size_t>(l.events) * size);
    return {.values = {plan_change::quantile(took, 0.5), plan_change::quantile(took, 0.95), plan_change::quantile(took, 0.999)}, .cpu_ns_per_event = 0};
  };
}

auto entries() -> std::vector<entry> {
  std::vector<entry> all;
  for (auto const& s : shapes)
    for (auto const& p : prices) {
      auto const job = std::string{s.job} + ", " + p.name;
      all.push_back({.where = &latency, .job = job, .contender = "millrace", .variant = "no change", .run = in_bursts(s, p.ns, false), .part = role::limit});
      all.push_back({.where = &latency, .job = job, .contender = "millrace", .variant = "a change behind each burst", .run = in_bursts(s, p.ns, true)});
    }
  return all;
}
enter const entered{entries()};

}  // namespace
}  // namespace bench::resharding
