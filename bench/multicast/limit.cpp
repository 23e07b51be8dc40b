// SPDX-License-Identifier: MIT
// Three consumers by hand: inlined in one loop on the consumer's thread.
#include "multicast/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::multicast {
namespace {

constexpr char const* name = "multicast, hand-written";

struct fused : outcome {
  void operator()(event const& e) noexcept {
    add(e);
    subtract(e);
    both(e);
  }
};

template <std::int64_t Ahead>
auto by_hand(std::int64_t batch, char const* variant) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "hand-written",
          .variant = variant,
          .run =
              [batch](load const& l) {
                fused all;
                auto const result = stream<event, Ahead>(l.events, capacity, batch, fill, all);
                all.check(name, l.events);
                return result;
              },
          .part = role::limit};
}

auto loop_by_hand(load const& l) -> measured {
  fused all;
  auto const result = one_loop(l.events, [&] {
    source next{.end = l.events};
    fused mine;
    while (auto e = next()) mine(*e);
    all = mine;
  });
  all.check(name, l.events);
  return result;
}

enter const entered{{by_hand<0>(1, "adaptive consumer"), by_hand<256>(1, "adaptive consumer, 256 slots fetched ahead"),
                     by_hand<0>(10, "adaptive consumer"), by_hand<256>(10, "adaptive consumer, 256 slots fetched ahead"),
                     {.where = &topic,
                      .job = own_source,
                      .contender = "hand-written",
                      .variant = "one loop",
                      .run = loop_by_hand,
                      .part = role::limit,
                      .cpus = 1}}};

}  // namespace
}  // namespace bench::multicast
