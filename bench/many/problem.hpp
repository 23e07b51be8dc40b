// SPDX-License-Identifier: MIT
// Three producers, one consumer, events of 8 bytes: the consumer adds them up. Ring of 65536. After LMAX's
// ThreeToOneSequencedThroughput and ThreeToOneSequencedBatchThroughput.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "support/clock.hpp"
#include "support/cpu.hpp"
#include "support/pin.hpp"
#include "support/problem.hpp"
#include "support/start_line.hpp"

namespace bench::many {

inline constexpr topology topic{.name = "many",
                                .title = "three producers, one consumer, 8-byte events",
                                .order = 9,
                                .events = 30'000'000,
                                .few = 30'000,
                                .quantities = {{{"throughput", "M events/s", true}}}};

inline constexpr std::int64_t capacity = 65536;
inline constexpr std::size_t producers = 3;

struct event {
  std::int64_t value;
};

/// The consumer.
struct add_up {
  std::int64_t sum = 0;
  void operator()(event const& e) noexcept { sum = opaque(sum + e.value); }
};

/// Of a load: a third for each producer.
inline auto each_of(std::int64_t events) noexcept -> std::int64_t { return events / static_cast<std::int64_t>(producers); }
/// The oracle: each producer publishes 0, 1, ... .
inline auto expected(std::int64_t events) noexcept -> std::int64_t {
  auto const n = each_of(events);
  return static_cast<std::int64_t>(producers) * (n * (n - 1) / 2);
}

inline auto job(std::int64_t batch) -> char const* { return batch == 1 ? "publish 1" : "publish 10"; }

/// The consumer has the first processor to itself, the producers share the others, in turns if there are too few: where it is left to the
/// kernel who shares with whom, that alone decides a factor of four.
inline void pin_consumer() { pin(0); }
inline void pin_producer(std::size_t p) {
  if (auto const others = cpus().size() - 1; others > 0) pin(1 + p % others);
}

/// The threads of all producers: `make(p)` gives a callable, which publishes the n events from number i on.
template <typename Make>
void produce(start_line& ready, std::int64_t events, std::int64_t batch, Make make) {
  std::array<std::thread, producers> threads;
  for (std::size_t p = 0; p < producers; ++p)
    threads[p] = std::thread{[&ready, &make, p, batch, count = each_of(events)] {
      pin_producer(p);
      auto put = make(p);
      ready.wait();
      for (std::int64_t i = 0; i < count; i += batch) put(i, std::min(batch, count - i));
    }};
  for (auto& t : threads) t.join();
}

}  // namespace bench::many
