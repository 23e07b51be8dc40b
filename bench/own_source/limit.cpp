// SPDX-License-Identifier: MIT
// The loop by hand, on one core: while there is an event, all stages.
#include "own_source/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::own_source {
namespace {

auto three_by_hand(load const& l) -> measured {
  chain3::count_fours last;
  auto const result = one_loop(l.events, [&] {
    source3 source{.end = l.events};
    chain3::count_fours count;
    while (auto e = source()) {
      chain3::add{}(*e);
      chain3::add_three{}(*e);
      count(*e);
    }
    last = count;
  });
  expect_equal("own_source, 3 stages, hand-written", last.count, chain3::expected(l.events));
  return result;
}

auto eight_by_hand(load const& l) -> measured {
  chain8::fold last;
  auto const result = one_loop(l.events, [&] {
    source8 source{.end = l.events};
    chain8::fold sink;
    while (auto e = source()) {
      chain8::change<1>{}(*e);
      chain8::change<2>{}(*e);
      chain8::change<3>{}(*e);
      chain8::change<4>{}(*e);
      chain8::change<5>{}(*e);
      chain8::change<6>{}(*e);
      sink(*e);
    }
    last = sink;
  });
  expect_equal("own_source, 8 stages, hand-written", last.folded, chain8::expected(l.events));
  return result;
}

auto by_hand(char const* job, measured (*run)(load const&)) -> entry {
  return {.where = &topic,
          .job = job,
          .contender = "hand-written",
          .variant = "one loop",
          .run = run,
          .part = role::limit,
          .cpus = 1};
}

enter const entered{{by_hand(three, three_by_hand), by_hand(eight, eight_by_hand)}};

}  // namespace
}  // namespace bench::own_source
