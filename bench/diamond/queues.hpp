// SPDX-License-Identifier: MIT
// The diamond over queues: one for each question and one for each answer, as in LMAX's own comparison with queues.
#pragma once

#include <array>
#include <memory>

#include "diamond/problem.hpp"
#include "support/check.hpp"
#include "support/queue_loops.hpp"

namespace bench::diamond {

template <template <typename, std::int64_t> typename Queue>
auto four_queues(load const& l, char const* contender) -> measured {
  constexpr std::size_t threads = 4;
  using answer = std::uint8_t;
  std::array<std::unique_ptr<Queue<event, capacity>>, 2> in;
  std::array<std::unique_ptr<Queue<answer, capacity>>, 2> out;
  for (std::size_t i = 0; i < 2; ++i) in[i] = std::make_unique<Queue<event, capacity>>(), out[i] = std::make_unique<Queue<answer, capacity>>();
  count_both last;
  auto const result = race(l.events, {[&] {
                                        to_all<Queue<event, capacity>, 2> to{in, threads};
                                        fill_into<event>(to, l.events, 1, patience{threads}, fill);
                                      },
                                      relay<event>(*in[0], *out[0], l.events, threads, [](event const& e) { return answer{is_fizz{}(e)}; }),
                                      relay<event>(*in[1], *out[1], l.events, threads, [](event const& e) { return answer{is_buzz{}(e)}; }),
                                      [&] {
                                        patience wait{threads};
                                        auto fizz = receiver_of(*out[0]);
                                        auto buzz = receiver_of(*out[1]);
                                        count_both mine;
                                        for (std::int64_t i = 0; i < l.events; ++i) {
                                          auto const three = receive_one<answer>(fizz.end, wait);
                                          mine(three != 0, receive_one<answer>(buzz.end, wait) != 0);
                                        }
                                        last = mine;
                                      }});
  expect_equal(contender, last.count, expected(l.events));
  return result;
}

template <template <typename, std::int64_t> typename Queue>
auto over(char const* contender, char const* variant, double share) -> entry {
  return {.where = &topic,
          .job = job(1),
          .contender = contender,
          .variant = variant,
          .run = [=](load const& l) { return four_queues<Queue>(l, contender); },
          .style = results,
          .share = share};
}

}  // namespace bench::diamond
