// SPDX-License-Identifier: MIT
// A runner that finds its plan by itself. A third thread asks for what it wants every millisecond, and sleeps in between.
#include <millrace/run/schedule.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>

#include "load_step/problem.hpp"
#include "support/cpu.hpp"
#include "support/millrace.hpp"

namespace bench::load_step {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
constexpr char const* name = "load_step, millrace";

auto grind(std::uint64_t x, long rounds) noexcept -> std::uint64_t {
  for (long i = 0; i < rounds; ++i) x = opaque(x * 6364136223846793005U + 1442695040888963407U);
  return x;
}
/// How many rounds take a microsecond: the best of some tries.
auto rounds_per_us() -> double {
  double best = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    auto const from = ticks();
    static_cast<void>(opaque(grind(i, 100'000)));
    best = std::max(best, 1e8 / (static_cast<double>(ticks() - from) * ns_per_tick()));
  }
  return best;
}

struct result {
  double changed = 0, settled = 0;  // ms after the step
};

/// Stages of 0.4, 1.2, 0.6, 2 and 0.8 us: a worker does 200 events in a millisecond.
auto one_step(double speed, bool smoke) -> result {
  auto const work = [speed](double us) { return [n = std::lround(us * speed)](std::uint64_t x) { return grind(x, n); }; };
  auto crew = two_workers(0);
  mr::runner run{mr::from<std::uint64_t>() | mr::map<"a">(work(0.4)) | mr::map<"b">(work(1.2)) | mr::map<"c">(work(0.6)) | mr::map<"d">(work(2)) |
                     mr::tap<"e">([w = work(0.8)](std::uint64_t x) { static_cast<void>(opaque(w(x))); }),
                 crew, {.capacity = 4096, .plan = mr::fused}};
  auto const scheduler = mr::schedule(run);
  auto in = run.input();
  struct mark {
    double ms, done;
  };
  std::vector<mark> marks;
  auto due = steady_clock::now();
  auto const ask = [&](int per_ms, int ms) {
    for (int k = 0; k < ms; ++k) {
      std::this_thread::sleep_until(due += 1ms);
      for (int i = 0; i < per_ms; ++i) expect(name, in.publish([](std::uint64_t& e) { e = 1; }) == mr::status::ok, "an event was not published");
      if (auto const now = steady_clock::now(); now > due) due = now;
      marks.push_back({std::chrono::duration<double, std::milli>(steady_clock::now().time_since_epoch()).count(), static_cast<double>(mr::snapshot(run).events.done)});
    }
  };
  ask(50, smoke ? 20 : 300);
  auto const from = marks.back().ms;
  marks.clear();
  ask(300, smoke ? 20 : 400);
  result r;
  for (auto const& d : scheduler->decisions())
    if (auto const after = d.at * 1e3 - from; r.changed == 0 && after > 0 && mr::scheduling::employed(d.to) > 1) r.changed = after;
  auto const window = marks.size() / 10 + 1, last = marks.size() - 1;
  auto const rate = [&](std::size_t a, std::size_t b) { return (marks[b].done - marks[a].done) / (marks[b].ms - marks[a].ms); };
  auto const in_the_end = rate(last / 2, last);
  for (std::size_t k = 0; k + window < last && r.settled == 0; ++k)
    if (rate(k, k + window) >= 0.95 * in_the_end) r.settled = marks[k].ms - from;
  expect(name, run.finish().ok(), "the pipeline did not end well");
  if (scheduler->error() != nullptr) std::rethrow_exception(scheduler->error());
  return r;
}

auto steps(load const& l) -> measured {
  auto const speed = rounds_per_us();
  std::vector<double> changed, settled;
  for (std::int64_t k = 0; k < l.events; ++k) {
    auto const r = one_step(speed, l.smoke);
    changed.push_back(r.changed), settled.push_back(r.settled);
  }
  return {.values = {middle(changed), *std::max_element(changed.begin(), changed.end()), middle(settled)}, .cpu_ns_per_event = 0};
}

enter const entered{{{.where = &topic, .job = "5 us in five stages", .contender = "millrace", .variant = "schedule()", .run = steps}}};

}  // namespace
}  // namespace bench::load_step
