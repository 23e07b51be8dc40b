// SPDX-License-Identifier: MIT
// Waiting by hand: one thread sleeps on one word, wakes for an event and runs all four stages.
#include <atomic>
#include <thread>

#include "idle/problem.hpp"
#include "support/cpu.hpp"

namespace bench::idle {
namespace {

template <on Core>
auto one_sleeper(load const& l) -> measured {
  arrivals seen{l.events};
  alignas(line) event slot{};
  alignas(line) std::atomic<std::uint32_t> published{0};
  std::thread worker{[&] {
    if (Core != on::any_core) pin(1);
    pass const stage;
    last_stage const last{.to = &seen};
    for (std::uint32_t at = 0; at < static_cast<std::uint32_t>(l.events); ++at) {
      published.wait(at, std::memory_order::acquire);  // pairs with the release below
      stage(slot);
      stage(slot);
      stage(slot);
      last(slot);
    }
  }};
  auto const result = observe(l, Core, "idle, hand-written", seen, [&] {
    slot.sent = ticks();
    published.fetch_add(1, std::memory_order::release);  // pairs with the acquire above
    published.notify_one();
  });
  worker.join();
  return result;
}

template <on Core>
auto by_hand() -> entry {
  return {.where = &topic,
          .job = job(Core),
          .contender = "hand-written",
          .variant = "one thread asleep, four stages inlined",
          .run = one_sleeper<Core>,
          .part = role::limit,
          .share = share_of(Core),
          .cpus = cpus_for(Core)};
}

enter const entered{{by_hand<on::any_core>(), by_hand<on::another_core>(), by_hand<on::another_core_after_seconds>()}};

}  // namespace
}  // namespace bench::idle
