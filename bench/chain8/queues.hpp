// SPDX-License-Identifier: MIT
// Eight stages over queues: a thread for each, or one queue and all of them inlined by hand behind it.
#pragma once

#include <array>
#include <memory>
#include <utility>

#include "chain8/problem.hpp"
#include "support/check.hpp"
#include "support/queue_loops.hpp"

namespace bench::chain8 {

template <template <typename, std::int64_t> typename Queue>
auto thread_per_stage(load const& l, std::int64_t batch, char const* contender) -> measured {
  constexpr std::size_t threads = 8;
  std::array<std::unique_ptr<Queue<event, capacity>>, threads - 1> queues;
  for (auto& q : queues) q = std::make_unique<Queue<event, capacity>>();
  fold last;
  auto const result = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return race(l.events, {[&] {
                             auto&& to = queues[0]->sender();
                             fill_into<event>(to, l.events, batch, patience{threads}, fill);
                           },
                           relay<event>(*queues[K], *queues[K + 1], l.events, threads, [](event const& e) { return event{compute<K + 1>{}(e)}; })...,
                           [&] {
                             auto mine = last;
                             auto&& from = queues[threads - 2]->receiver();
                             receive(from, l.events, patience{threads}, [&](event const& e) { mine(e); });
                             last = mine;
                           }});
  }(std::make_index_sequence<threads - 2>{});
  expect_equal(contender, last.folded, expected(l.events));
  return result;
}

template <template <typename, std::int64_t> typename Queue>
auto inlined(load const& l, std::int64_t batch, char const* contender) -> measured {
  struct all_seven {
    fold last{};
    void operator()(event const& e) noexcept { last(compute<6>{}(compute<5>{}(compute<4>{}(compute<3>{}(compute<2>{}(compute<1>{}(e))))))); }
  } all;
  auto const queue = std::make_unique<Queue<event, capacity>>();
  auto const result = through<event>(*queue, l.events, batch, fill, all);
  expect_equal(contender, all.last.folded, expected(l.events));
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

}  // namespace bench::chain8
