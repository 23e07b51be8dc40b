// SPDX-License-Identifier: MIT
// Unicast over one queue.
#pragma once

#include <memory>

#include "support/check.hpp"
#include "support/queue_loops.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {

template <template <typename, std::int64_t> typename Queue>
auto over(std::int64_t batch, char const* contender, char const* variant, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = contender,
          .variant = variant,
          .run =
              [batch, contender](load const& l) {
                auto const queue = std::make_unique<Queue<event, capacity>>();
                add_up consumer;
                auto const result = through<event>(*queue, l.events, batch, fill, consumer);
                expect_equal(contender, consumer.sum, expected(l.events));
                return result;
              },
          .share = share};
}

}  // namespace bench::unicast
