// SPDX-License-Identifier: MIT
// Eight stages the LMAX way: eight threads.
#include "chain8/problem.hpp"
#include "support/check.hpp"
#include "support/lmax_graph.hpp"

namespace bench::chain8 {
namespace {

template <typename Wait>
auto lmax_style(std::int64_t batch, char const* variant, role part, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "lmax-style",
          .variant = variant,
          .run =
              [batch](load const& l) {
                change<1> first;
                change<2> second;
                change<3> third;
                change<4> fourth;
                change<5> fifth;
                change<6> sixth;
                fold last;
                auto const result = lmax::chain<event, Wait, lmax::full_yields>(
                    l.events, capacity, batch, fill, first, second, third, fourth, fifth, sixth, last);
                expect_equal("chain8, lmax-style", last.folded, expected(l.events));
                return result;
              },
          .part = part,
          .style = in_place,
          .share = share};
}

enter const entered{{lmax_style<lmax::yielding>(1, "yielding", role::lmax, 0.4),
                     lmax_style<lmax::blocking>(1, "blocking", role::contender, 0.01),
                     lmax_style<lmax::yielding>(10, "yielding", role::lmax, 0.4),
                     lmax_style<lmax::yielding>(1024, "yielding", role::lmax, 0.4)}};

}  // namespace
}  // namespace bench::chain8
