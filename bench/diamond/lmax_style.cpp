// SPDX-License-Identifier: MIT
// The diamond the LMAX way: four threads.
#include "diamond/problem.hpp"
#include "support/check.hpp"
#include "support/lmax_graph.hpp"

namespace bench::diamond {
namespace {

using lmax::behind, lmax::full_parks, lmax::full_yields;

template <typename Wait, typename Full>
auto of_events(std::int64_t events, std::int64_t batch, auto fill_from) -> measured {
  set_fizz fizz;
  set_buzz buzz;
  count_both both;
  auto const result = lmax::graph<event, Wait, Full>(events, capacity, batch, fill_from, behind<0b00>(fizz),
                                                     behind<0b00>(buzz), behind<0b11>(both));
  expect_equal("diamond, lmax-style", both.count, expected(events));
  return result;
}

template <typename Wait, typename Full>
auto lmax_style(std::int64_t batch, char const* variant, role part, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "lmax-style",
          .variant = variant,
          .run = [batch](load const& l) { return of_events<Wait, Full>(l.events, batch, fill); },
          .part = part,
          .style = in_place,
          .share = share};
}

/// It has no sources: the producer's thread asks for events.
auto with_a_source() -> entry {
  return {.where = &topic,
          .job = own_source,
          .contender = "lmax-style",
          .variant = "yielding",
          .run =
              [](load const& l) {
                source next{.end = l.events};
                return of_events<lmax::yielding, full_yields>(l.events, 1,
                                                              [&](event& e, std::int64_t) { e = *next(); });
              },
          .part = role::lmax,
          .style = in_place,
          .share = 0.1};
}

enter const entered{{lmax_style<lmax::yielding, full_yields>(1, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::yielding, full_parks>(1, "yielding, producer parks", role::contender, 0.3),
                     lmax_style<lmax::busy_spin, full_yields>(1, "busy spin", role::contender, 0.02),
                     lmax_style<lmax::blocking, full_yields>(1, "blocking", role::contender, 0.02),
                     lmax_style<lmax::yielding, full_yields>(10, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::blocking, full_yields>(10, "blocking", role::contender, 0.05), with_a_source()}};

}  // namespace
}  // namespace bench::diamond
