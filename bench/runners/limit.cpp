// SPDX-License-Identifier: MIT
// Two loops by hand. The first works in a ring of its own, or block, and copies from there into the ring of the second; or it works
// where the second will read, as if both had been written as one.
#include <algorithm>
#include <memory>

#include "runners/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::runners {
namespace {

constexpr char const* name = "runners, hand-written";

/// Events that are copied at once.
constexpr std::int64_t block = 64;

/// `produce(out, events)` is the first loop.
template <typename Produce>
auto two_pipelines(load const& l, Produce produce) -> measured {
  spsc_ring<event> ring{capacity};
  chain3::count_fours seen;
  auto const result = two_loops(l.events, [&](std::size_t which) {
    if (which == 0) {
      spsc_producer<event, 64> out{ring};
      produce(out, l.events);
    } else {
      chain3::count_fours count;
      consume(ring, l.events, [&](event& e) {
        chain3::add_three{}(e);
        count(e);
      });
      seen = count;
    }
  });
  expect_equal(name, seen.count, chain3::expected(l.events));
  return result;
}

auto two_rings(load const& l) -> measured {
  return two_pipelines(l, [](auto& out, std::int64_t events) {
    source next{.end = events};
    auto const own = std::make_unique<event[]>(static_cast<std::size_t>(capacity));
    for (std::int64_t at = 0; at < events;) {
      auto* const slots = own.get() + at % capacity;
      auto const n = std::min(block, events - at);
      for (std::int64_t k = 0; k < n; ++k) {
        slots[k] = *next();
        chain3::add{}(slots[k]);
      }
      out.publish(n, [&](event& e, std::int64_t k) { e = slots[k]; });
      at += n;
    }
  });
}
auto one_ring(load const& l) -> measured {
  return two_pipelines(l, [](auto& out, std::int64_t events) {
    source next{.end = events};
    for (std::int64_t at = 0; at < events;) {
      auto const n = std::min(block, events - at);
      out.publish(n, [&](event& e, std::int64_t) {
        e = *next();
        chain3::add{}(e);
      });
      at += n;
    }
  });
}

auto by_hand(char const* variant, measured (*run)(load const&), role part) -> entry {
  return {.where = &topic, .job = job, .contender = "hand-written", .variant = variant, .run = run, .part = part};
}

enter const entered{{by_hand("two rings", two_rings, role::limit), by_hand("written as one, one ring", one_ring, role::contender)}};

}  // namespace
}  // namespace bench::runners
