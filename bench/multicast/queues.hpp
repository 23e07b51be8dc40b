// SPDX-License-Identifier: MIT
// Three consumers over queues: one for each, and a producer that puts every event into all three.
#pragma once

#include <array>
#include <memory>

#include "multicast/problem.hpp"
#include "support/queue_loops.hpp"

namespace bench::multicast {

template <template <typename, std::int64_t> typename Queue>
auto queue_each(load const& l, std::int64_t batch, char const* contender) -> measured {
  constexpr std::size_t threads = 4;
  std::array<std::unique_ptr<Queue<event, capacity>>, 3> queues;
  for (auto& q : queues) q = std::make_unique<Queue<event, capacity>>();
  outcome all;
  auto const consumer = [&](std::size_t i, auto& handler) {
    return [&, i] {
      auto mine = handler;
      auto&& from = queues[i]->receiver();
      receive(from, l.events, patience{threads}, [&](event const& e) { mine(e); });
      handler = mine;
    };
  };
  auto const result = race(l.events, {[&] {
                                        to_all<Queue<event, capacity>, 3> to{queues, threads};
                                        fill_into<event>(to, l.events, batch, patience{threads}, fill);
                                      },
                                      consumer(0, all.add), consumer(1, all.subtract), consumer(2, all.both)});
  all.check(contender, l.events);
  return result;
}

template <template <typename, std::int64_t> typename Queue>
auto over(std::int64_t batch, char const* contender, char const* variant, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = contender,
          .variant = variant,
          .run = [=](load const& l) { return queue_each<Queue>(l, batch, contender); },
          .share = share};
}

}  // namespace bench::multicast
