// SPDX-License-Identifier: MIT
// Four stages and nothing to do: what does waiting cost, and how long does an event then take from publish to the last
// stage? Processor time is in percent of one core; the delay is that of single events with five milliseconds between. A
// sleeper whose place the kernel chooses wakes on the core that wakes it, in a tenth of the time that another idle core takes
// to come back from where idle cores go: so there are two jobs, one of them with the publisher and the sleeper each on its own core. And a third
// one, on another core too, in which each event comes after five seconds. Wake-ups are how often threads went to sleep while nothing came, but
// for the publisher's own.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/check.hpp"
#include "support/clock.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"

namespace bench::idle {

inline constexpr topology topic{.name = "idle",
                                .title = "four stages and nothing to do, then single events",
                                .order = 6,
                                .events = 30,
                                .few = 3,
                                .scales = false,
                                .quantities = {{{"idle CPU", "% of a core", false, false},
                                                {"wake-ups", "a second", false, false},
                                                {"delay, median", "us"},
                                                {"delay, longest", "us"}}}};

inline constexpr std::int64_t capacity = 1024;
enum class on { any_core, another_core, another_core_after_seconds };
inline auto job(on core) -> char const* {
  return core == on::any_core ? "4 stages" : core == on::another_core ? "4 stages, on another core" : "4 stages, on another core, after 5 s";
}
inline auto cpus_for(on core) -> std::size_t { return core == on::any_core ? 1 : 2; }
inline auto share_of(on core) -> double { return core == on::another_core_after_seconds ? 4.0 / 30 : 1; }

struct event {
  std::uint64_t sent;
};

/// The first three stages: nothing that could be folded away.
struct pass {
  void operator()(event const&) const noexcept { asm volatile("" ::: "memory"); }
};

/// Where the last stage writes when an event arrived.
class arrivals {
 public:
  explicit arrivals(std::int64_t events) : delays_(static_cast<std::size_t>(events)) {}

  /// Called by the thread of the last stage.
  void note(event const& e) noexcept {
    auto const n = count_.load(std::memory_order::relaxed);  // own counter: only this thread writes it
    delays_[static_cast<std::size_t>(n)] = ticks() - e.sent;
    count_.store(n + 1, std::memory_order::release);  // pairs with the acquire in count()
  }
  auto count() const noexcept -> std::int64_t {
    return count_.load(std::memory_order::acquire);  // pairs with the release in note()
  }
  auto delays() const -> std::vector<std::uint64_t> const& { return delays_; }

 private:
  std::vector<std::uint64_t> delays_;
  std::atomic<std::int64_t> count_{0};
};

struct last_stage {
  arrivals* to;
  void operator()(event const& e) const noexcept { to->note(e); }
};

/// What this process does while the calling thread sleeps.
class sleep_watch {
 public:
  template <typename Duration>
  void sleep_for(Duration d) {
    auto const sleeps = others();
    watch_.start();
    std::this_thread::sleep_for(d);
    watch_.stop();
    sleeps_ += others() - sleeps, cpu_ += watch_.cpu(), wall_ += watch_.wall();
  }
  auto percent() const noexcept -> double { return cpu_ / wall_ * 100; }
  auto sleeps_a_second() const noexcept -> double { return static_cast<double>(sleeps_) / wall_; }

 private:
  static auto others() -> long {
    rusage all{}, mine{};
    getrusage(RUSAGE_SELF, &all);
    getrusage(RUSAGE_THREAD, &mine);
    return all.ru_nvcsw - mine.ru_nvcsw;
  }
  stopwatch watch_;
  long sleeps_ = 0;
  double cpu_ = 0, wall_ = 0;
};

/// Called by the producer, once all threads wait: `publish()` publishes one event that bears the time.
template <typename Publish>
auto observe_here(load const& l, on core, char const* contender, arrivals const& seen, Publish&& publish) -> measured {
  using namespace std::chrono_literals;
  std::this_thread::sleep_for(l.smoke ? 1ms : 50ms);
  sleep_watch idle;
  bool const after_seconds = core == on::another_core_after_seconds;
  if (!after_seconds) idle.sleep_for(l.smoke ? 5ms : 500ms);
  for (std::int64_t i = 1; i <= l.events; ++i) {
    if (after_seconds) idle.sleep_for(l.smoke ? 5ms : l.quick ? 500ms : 5000ms);
    publish();
    do {
      std::this_thread::sleep_for(5ms);
    } while (seen.count() < i);
  }
  expect_equal(contender, seen.count(), l.events);
  auto delays = seen.delays();
  std::sort(delays.begin(), delays.end());
  auto const us = [](std::uint64_t t) { return static_cast<double>(t) * ns_per_tick() * 1e-3; };
  return {.values = {idle.percent(), idle.sleeps_a_second(), us(delays[delays.size() / 2]), us(delays.back())},
          .cpu_ns_per_event = 0};
}

template <typename Publish>
auto observe(load const& l, on core, char const* contender, arrivals const& seen, Publish&& publish) -> measured {
  if (core == on::any_core) return observe_here(l, core, contender, seen, publish);
  measured result;
  std::thread{[&] {
    pin(0);
    result = observe_here(l, core, contender, seen, publish);
  }}.join();
  return result;
}

}  // namespace bench::idle
