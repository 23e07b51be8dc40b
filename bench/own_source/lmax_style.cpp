// SPDX-License-Identifier: MIT
// The LMAX way has no sources: the producer's thread asks for events, and every stage is a thread.
#include "own_source/problem.hpp"
#include "support/check.hpp"
#include "support/lmax_graph.hpp"

namespace bench::own_source {
namespace {

using lmax::full_yields, lmax::yielding;

auto three_stages(load const& l) -> measured {
  source3 source{.end = l.events};
  chain3::add first;
  chain3::add_three second;
  chain3::count_fours last;
  auto const result = lmax::chain<chain3::event, yielding, full_yields>(
      l.events, chain3::capacity, 1, [&](chain3::event& e, std::int64_t) { e = *source(); }, first, second, last);
  expect_equal("own_source, 3 stages, lmax-style", last.count, chain3::expected(l.events));
  return result;
}

auto eight_stages(load const& l) -> measured {
  source8 source{.end = l.events};
  chain8::change<1> first;
  chain8::change<2> second;
  chain8::change<3> third;
  chain8::change<4> fourth;
  chain8::change<5> fifth;
  chain8::change<6> sixth;
  chain8::fold last;
  auto const result = lmax::chain<chain8::event, yielding, full_yields>(
      l.events, chain8::capacity, 1, [&](chain8::event& e, std::int64_t) { e = *source(); }, first, second, third,
      fourth, fifth, sixth, last);
  expect_equal("own_source, 8 stages, lmax-style", last.folded, chain8::expected(l.events));
  return result;
}

auto lmax_style(char const* job, measured (*run)(load const&)) -> entry {
  return {.where = &topic,
          .job = job,
          .contender = "lmax-style",
          .variant = "yielding",
          .run = run,
          .part = role::lmax,
          .share = 0.1};
}

enter const entered{{lmax_style(three, three_stages), lmax_style(eight, eight_stages)}};

}  // namespace
}  // namespace bench::own_source
