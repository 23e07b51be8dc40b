// SPDX-License-Identifier: MIT
// What the Millrace contenders share: where their workers run, how the producer's thread publishes, and a handler that
// hands over its state at the end, because state of one's own is what a compiler can keep in registers.
#pragma once

#include <millrace.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>

#include "support/check.hpp"
#include "support/clock.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"

namespace bench {

namespace mr = millrace;

/// A handler of a problem that copies itself to `to` when the pipeline stops.
template <typename Handler>
struct reporting : Handler {
  Handler* to;
  void on_stop() noexcept { *to = *this; }
};

/// The consumer's processor.
inline auto one_worker() -> mr::workers { return mr::workers{{.max = 1, .place = {.cpus = {cpu_at(1)}}}}; }

/// Two processors from this position on.
inline auto two_workers(std::size_t from) -> mr::workers {
  return mr::workers{{.max = 2, .place = {.cpus = {cpu_at(from), cpu_at(from + 1)}}}};
}

/// Of a source, a stage that two workers share and one behind it: half of the lanes each, whatever comes.
inline auto halves() -> mr::plan {
  mr::plan p{2, 3};
  p.give(0, 0, 1), p.give(0, 1, 0xFFFFFFFF), p.give(1, 1, ~std::uint64_t{0xFFFFFFFF}), p.give(0, 2, 1);
  return p;
}

/// Publishes all events: the program's loop. Its own function for each form, so that one does not cost the other registers; and the
/// handle is a local variable of it, for the same reason.
template <typename Event, typename Runner, typename Fill>
[[gnu::noinline]] void publish_singly(Runner& run, char const* contender, stopwatch& watch, std::int64_t events, Fill fill) {
  auto in = run.input();
  watch.start();
  for (std::int64_t i = 0; i < events; ++i) {
    auto const done = in.publish([&](Event& e) { fill(e, i); });
    expect(contender, done == mr::status::ok, "an event was not published");
  }
}
template <typename Event, typename Runner, typename Fill>
[[gnu::noinline]] void publish_batches(Runner& run, char const* contender, stopwatch& watch, std::int64_t events, std::int64_t batch, Fill fill) {
  auto in = run.input();
  watch.start();
  for (std::int64_t i = 0; i < events; i += batch) {
    auto const n = static_cast<std::size_t>(std::min(batch, events - i));
    auto const done = in.publish(n, [&](Event& e, std::size_t k) { fill(e, i + static_cast<std::int64_t>(k)); });
    expect(contender, done == mr::status::ok, "a batch was not published");
  }
}

/// Publishes all events from a thread on the producer's processor, and waits until all have passed.
/// `fill(event, i)` writes the i-th event. A batch of 1 uses the single publish.
template <typename Event, typename Runner, typename Fill>
auto drive(Runner& run, char const* contender, std::int64_t events, std::int64_t batch, Fill fill) -> measured {
  stopwatch watch;
  std::thread{[&] {
    pin(0);
    if (batch == 1) publish_singly<Event>(run, contender, watch, events, fill);
    else publish_batches<Event>(run, contender, watch, events, batch, fill);
  }}.join();
  auto const report = run.finish();
  watch.stop();
  expect(contender, report.ok(), "the pipeline did not end well");
  return throughput(watch, events);
}

/// Of a pipeline with its own source, paused: it was built before the clock starts.
template <typename Runner>
auto run_to_end(Runner& run, char const* contender, std::int64_t events) -> measured {
  stopwatch watch;
  watch.start();
  run.start();
  auto const report = run.finish();
  watch.stop();
  expect(contender, report.ok(), "the pipeline did not end well");
  return throughput(watch, events);
}

}  // namespace bench
