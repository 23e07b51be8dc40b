// SPDX-License-Identifier: MIT
// Three stages over queues: a thread for each, or one queue and all of them inlined by hand behind it.
#pragma once

#include <memory>

#include "chain3/problem.hpp"
#include "support/check.hpp"
#include "support/queue_loops.hpp"

namespace bench::chain3 {

template <template <typename, std::int64_t> typename Queue>
auto thread_per_stage(load const& l, std::int64_t batch, char const* contender) -> measured {
  constexpr std::size_t threads = 4;
  auto const first = std::make_unique<Queue<event, capacity>>();
  auto const second = std::make_unique<Queue<std::int64_t, capacity>>();
  auto const third = std::make_unique<Queue<std::int64_t, capacity>>();
  count_fours last;
  auto const result = race(l.events, {[&] {
                                        auto&& to = first->sender();
                                        fill_into<event>(to, l.events, batch, patience{threads}, fill);
                                      },
                                      relay<event>(*first, *second, l.events, threads, sum_of{}),
                                      relay<std::int64_t>(*second, *third, l.events, threads, plus_three{}),
                                      [&] {
                                        auto mine = last;
                                        auto&& from = third->receiver();
                                        receive(from, l.events, patience{threads}, [&](std::int64_t r2) { mine(r2); });
                                        last = mine;
                                      }});
  expect_equal(contender, last.count, expected(l.events));
  return result;
}

template <template <typename, std::int64_t> typename Queue>
auto inlined(load const& l, std::int64_t batch, char const* contender) -> measured {
  struct all_three {
    count_fours last{};
    void operator()(event const& e) noexcept { last(plus_three{}(sum_of{}(e))); }
  } all;
  auto const queue = std::make_unique<Queue<event, capacity>>();
  auto const result = through<event>(*queue, l.events, batch, fill, all);
  expect_equal(contender, all.last.count, expected(l.events));
  return result;
}

inline auto over(std::int64_t batch, char const* contender, char const* variant, double share,
                 measured (*run)(load const&, std::int64_t, char const*)) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = contender,
          .variant = variant,
          .run = [=](load const& l) { return run(l, batch, contender); },
          .style = results,
          .share = share};
}

}  // namespace bench::chain3
