// SPDX-License-Identifier: MIT
// The producer's and the consumer's half of a pipeline change places. Counted where events end, by a thread that sleeps meanwhile.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>
#include <vector>

#include "support/cpu.hpp"
#include "support/millrace.hpp"
#include "swapping/problem.hpp"

namespace bench::swapping {
namespace {

constexpr char const* name = "swapping, millrace";

template <int Rounds>
auto work(std::uint64_t x) noexcept -> std::uint64_t {
  for (int i = 0; i < Rounds; ++i) x = opaque(x * 0x9e3779b97f4a7c15U + 1);
  return x;
}

template <int Cost>
auto swaps(load const& l) -> measured {
  using namespace std::chrono_literals;
  mr::groups const plan{{"source", "a"}, {"b", "c"}}, swapped{{"b", "c"}, {"source", "a"}};
  auto crew = two_workers(0);
  std::atomic<bool> enough{false};
  mr::runner run{mr::generate([&, n = std::uint64_t{0}]() mutable -> std::optional<std::uint64_t> {
                   if ((++n & 255) == 0 && enough.load(std::memory_order::relaxed)) return {};  // a hint, orders nothing
                   return n;
                 }) | mr::map<"a">(work<Cost>) |
                     mr::map<"b">(work<Cost>) | mr::tap<"c">(work<Cost>),
                 crew,
                 {.plan = plan}};
  auto const slice = [&](bool changing) {
    auto const before = mr::snapshot(run);
    for (int i = 0; i < (l.smoke ? 2 : 10); ++i) {
      std::this_thread::sleep_for(l.smoke ? 1ms : 10ms);
      if (changing) expect(name, run.apply(i % 2 == 0 ? swapped : plan) == mr::status::ok, "a plan was not taken");
    }
    auto const during = mr::snapshot(run) - before;
    return static_cast<double>(during.events.done) / during.elapsed_ns * 1e3;
  };
  std::vector<double> without, with, ratios;
  slice(false);
  stopwatch watch;
  watch.start();
  for (std::int64_t pair = 0; pair < l.events; ++pair) {
    bool const first = pair % 2 == 0;  // neither is always the first of its pair
    auto const one = slice(first), other = slice(!first);
    with.push_back(first ? one : other);
    without.push_back(first ? other : one);
    ratios.push_back(with.back() / without.back());
  }
  watch.stop();
  auto const done = mr::snapshot(run).events.done;
  enough.store(true, std::memory_order::relaxed);  // a hint, orders nothing
  expect(name, run.finish().ok(), "the pipeline did not end well");
  auto const median = [](std::vector<double> v) { return std::sort(v.begin(), v.end()), (v[(v.size() - 1) / 2] + v[v.size() / 2]) / 2; };
  return {.values = {median(without), median(with), median(ratios)}, .cpu_ns_per_event = watch.cpu() * 1e9 / static_cast<double>(done)};
}

enter const entered{{{.where = &topic, .job = "4 stages", .contender = "millrace", .variant = "3 ns stages", .run = swaps<3>},
                     {.where = &topic, .job = "4 stages", .contender = "millrace", .variant = "100 ns stages", .run = swaps<100>}}};

}  // namespace
}  // namespace bench::swapping
