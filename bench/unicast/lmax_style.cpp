// SPDX-License-Identifier: MIT
// Unicast the LMAX way: OneToOneSequencedThroughput and OneToOneSequencedBatchThroughput.
#include "support/check.hpp"
#include "support/lmax_graph.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {
namespace {

template <typename Wait, typename Full>
auto lmax_style(std::int64_t batch, char const* variant, role part, double share) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "lmax-style",
          .variant = variant,
          .run =
              [batch](load const& l) {
                add_up consumer;
                auto const result = lmax::chain<event, Wait, Full>(l.events, capacity, batch, fill, consumer);
                expect_equal("unicast, lmax-style", consumer.sum, expected(l.events));
                return result;
              },
          .part = part,
          .share = share};
}

using lmax::full_parks, lmax::full_yields;

enter const entered{{lmax_style<lmax::yielding, full_yields>(1, "yielding", role::lmax, 0.5),
                     lmax_style<lmax::yielding, full_parks>(1, "yielding, producer parks", role::contender, 0.5),
                     lmax_style<lmax::busy_spin, full_yields>(1, "busy spin", role::contender, 0.5),
                     lmax_style<lmax::blocking, full_yields>(1, "blocking", role::contender, 0.03),
                     lmax_style<lmax::yielding, full_yields>(10, "yielding", role::lmax, 1),
                     lmax_style<lmax::yielding, full_parks>(10, "yielding, producer parks", role::contender, 1),
                     lmax_style<lmax::busy_spin, full_yields>(10, "busy spin", role::contender, 1),
                     lmax_style<lmax::blocking, full_yields>(10, "blocking", role::contender, 0.1),
                     lmax_style<lmax::yielding, full_yields>(1024, "yielding", role::lmax, 1)}};

}  // namespace
}  // namespace bench::unicast
