// SPDX-License-Identifier: MIT
// Unicast by hand. Whether it pays to fetch slots ahead depends on how far apart the cores are, so both are limits.
#include "support/check.hpp"
#include "support/hand_written.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {
namespace {

template <std::int64_t Ahead>
auto by_hand(std::int64_t batch, char const* variant) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "hand-written",
          .variant = variant,
          .run =
              [batch](load const& l) {
                add_up consumer;
                auto const result = stream<event, Ahead>(l.events, capacity, batch, fill, consumer);
                expect_equal("unicast, hand-written", consumer.sum, expected(l.events));
                return result;
              },
          .part = role::limit};
}

enter const entered{{by_hand<0>(1, "adaptive consumer"),
                     by_hand<256>(1, "adaptive consumer, 256 slots fetched ahead"),
                     by_hand<0>(10, "adaptive consumer"),
                     by_hand<256>(10, "adaptive consumer, 256 slots fetched ahead"),
                     by_hand<0>(1024, "adaptive consumer"),
                     by_hand<256>(1024, "adaptive consumer, 256 slots fetched ahead")}};

}  // namespace
}  // namespace bench::unicast
