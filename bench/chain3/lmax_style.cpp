// SPDX-License-Identifier: MIT
// Three stages the LMAX way: four threads.
#include "chain3/problem.hpp"
#include "support/check.hpp"
#include "support/lmax_graph.hpp"

namespace bench::chain3 {
namespace {

template <typename Wait, typename Full>
auto lmax_style(std::int64_t batch, char const* variant, role part, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "lmax-style",
          .variant = variant,
          .run =
              [batch](load const& l) {
                add first;
                add_three second;
                count_fours last;
                auto const result =
                    lmax::chain<event, Wait, Full>(l.events, capacity, batch, fill, first, second, last);
                expect_equal("chain3, lmax-style", last.count, expected(l.events));
                return result;
              },
          .part = part,
          .style = in_place,
          .share = share};
}

using lmax::full_parks, lmax::full_yields;

enter const entered{{lmax_style<lmax::yielding, full_yields>(1, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::yielding, full_parks>(1, "yielding, producer parks", role::contender, 0.3),
                     lmax_style<lmax::busy_spin, full_yields>(1, "busy spin", role::contender, 0.02),
                     lmax_style<lmax::blocking, full_yields>(1, "blocking", role::contender, 0.02),
                     lmax_style<lmax::yielding, full_yields>(10, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::blocking, full_yields>(10, "blocking", role::contender, 0.05),
                     lmax_style<lmax::yielding, full_yields>(1024, "yielding", role::lmax, 0.5)}};

}  // namespace
}  // namespace bench::chain3
