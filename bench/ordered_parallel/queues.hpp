// SPDX-License-Identifier: MIT
// A stage on two workers over queues: the source deals its events out in turns to a queue for each worker, and the fold takes the
// results in the same turns. Four threads.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "ordered_parallel/problem.hpp"
#include "support/check.hpp"
#include "support/queue_loops.hpp"

namespace bench::ordered_parallel {

template <template <typename, std::int64_t> typename Queue>
auto in_turns(load const& l, double ns, char const* contender) -> measured {
  constexpr std::size_t threads = 4;
  std::array<std::unique_ptr<Queue<event, capacity>>, 2> in;
  std::array<std::unique_ptr<Queue<std::uint64_t, capacity>>, 2> out;
  for (std::size_t i = 0; i < 2; ++i) in[i] = std::make_unique<Queue<event, capacity>>(), out[i] = std::make_unique<Queue<std::uint64_t, capacity>>();
  work const stage{links_for(ns)};
  fold last;
  // Of an odd number of events the first worker has one more.
  auto const first = (l.events + 1) / 2;
  auto const result = race(l.events, {[&] {
                                        patience wait{threads};
                                        auto even = sender_of(*in[0]);
                                        auto odd = sender_of(*in[1]);
                                        source from{.end = l.events};
                                        while (auto e = from()) {
                                          if (e->value % 2 == 0) send(even.end, *e, wait);
                                          else send(odd.end, *e, wait);
                                        }
                                      },
                                      relay<event>(*in[0], *out[0], first, threads, stage), relay<event>(*in[1], *out[1], l.events - first, threads, stage),
                                      [&] {
                                        patience wait{threads};
                                        auto even = receiver_of(*out[0]);
                                        auto odd = receiver_of(*out[1]);
                                        fold mine;
                                        for (std::int64_t i = 0; i < l.events; ++i)
                                          mine(i % 2 == 0 ? receive_one<std::uint64_t>(even.end, wait) : receive_one<std::uint64_t>(odd.end, wait));
                                        last = mine;
                                      }});
  expect_equal(contender, static_cast<std::int64_t>(last.folded), expected(l.events));
  return result;
}

/// For each cost.
template <template <typename, std::int64_t> typename Queue>
auto over(char const* contender, char const* variant) -> std::vector<entry> {
  std::vector<entry> all;
  for (auto const& c : costs)
    all.push_back({.where = &topic,
                   .job = c.job,
                   .contender = contender,
                   .variant = variant,
                   .run = [contender, ns = c.ns](load const& l) { return in_turns<Queue>(l, ns, contender); },
                   .share = c.share / 2});
  return all;
}

}  // namespace bench::ordered_parallel
