// SPDX-License-Identifier: MIT
// Three consumers the LMAX way: four threads, and a producer that waits for the slowest.
#include "multicast/problem.hpp"
#include "support/check.hpp"
#include "support/lmax_graph.hpp"

namespace bench::multicast {
namespace {

using lmax::behind, lmax::full_parks, lmax::full_yields;

template <typename Wait, typename Full>
auto of_events(std::int64_t events, std::int64_t batch, auto fill_from) -> measured {
  outcome all;
  auto const result = lmax::graph<event, Wait, Full>(events, capacity, batch, fill_from, behind<0>(all.add),
                                                     behind<0>(all.subtract), behind<0>(all.both));
  all.check("multicast, lmax-style", events);
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
          .share = share};
}

/// It has no sources: the producer's thread asks for events.
auto with_a_source(load const& l) -> measured {
  source next{.end = l.events};
  return of_events<lmax::yielding, full_yields>(l.events, 1, [&](event& e, std::int64_t) { e = *next(); });
}

enter const entered{{lmax_style<lmax::yielding, full_yields>(1, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::yielding, full_parks>(1, "yielding, producer parks", role::contender, 0.3),
                     lmax_style<lmax::busy_spin, full_yields>(1, "busy spin", role::contender, 0.02),
                     lmax_style<lmax::blocking, full_yields>(1, "blocking", role::contender, 0.02),
                     lmax_style<lmax::yielding, full_yields>(10, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::blocking, full_yields>(10, "blocking", role::contender, 0.05),
                     {.where = &topic,
                      .job = own_source,
                      .contender = "lmax-style",
                      .variant = "yielding",
                      .run = with_a_source,
                      .part = role::lmax,
                      .share = 0.1}}};

}  // namespace
}  // namespace bench::multicast
