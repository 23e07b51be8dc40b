// SPDX-License-Identifier: MIT
// Three producers over one queue, or over a queue each, which the consumer polls in turns.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "many/race.hpp"
#include "support/queue_loops.hpp"

namespace bench::many {

inline constexpr std::size_t threads = producers + 1;

/// What a producer does with its end.
template <typename End>
auto putting(kept<End> to) {
  return [to = std::move(to), wait = patience{threads}](std::int64_t i, std::int64_t n) mutable {
    fill_into<event>(to.end, n, n, wait, [i](event& e, std::int64_t k) { e.value = i + k; });
  };
}

template <template <typename, std::int64_t> typename Queue>
auto one_queue(load const& l, std::int64_t batch, char const* contender) -> measured {
  auto const queue = std::make_unique<Queue<event, capacity>>();
  return race(
      l, batch, contender, [&](std::size_t) { return putting(sender_of(*queue)); },
      [&](add_up& sum) {
        auto&& from = queue->receiver();
        receive(from, each_of(l.events) * static_cast<std::int64_t>(producers), patience{threads}, [&](event const& e) { sum(e); });
      });
}

template <template <typename, std::int64_t> typename Queue>
auto three_queues(load const& l, std::int64_t batch, char const* contender) -> measured {
  std::array<std::unique_ptr<Queue<event, capacity>>, producers> queues;
  for (auto& q : queues) q = std::make_unique<Queue<event, capacity>>();
  return race(
      l, batch, contender, [&](std::size_t p) { return putting(sender_of(*queues[p])); },
      [&](add_up& sum) {
        patience wait{threads};
        for (auto left = each_of(l.events) * static_cast<std::int64_t>(producers); left > 0;) {
          std::int64_t found = 0;
          for (auto& q : queues) found += static_cast<std::int64_t>(q->receiver().take(static_cast<std::size_t>(left - found), [&](event const& e) { sum(e); }));
          left -= found;
          if (found > 0) wait.found();
          else wait.again();
        }
      });
}

inline auto over(std::int64_t batch, char const* contender, char const* variant, double share,
                 measured (*run)(load const&, std::int64_t, char const*)) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = contender,
          .variant = variant,
          .run = [=](load const& l) { return run(l, batch, contender); },
          .share = share};
}

}  // namespace bench::many
