// SPDX-License-Identifier: MIT
// Eight stages by hand: the producer's thread, and seven stages inlined in one loop on the consumer's.
#include "chain8/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::chain8 {
namespace {

struct fused_in_place {
  fold last{};
  void operator()(event& e) noexcept {
    change<1>{}(e);
    change<2>{}(e);
    change<3>{}(e);
    change<4>{}(e);
    change<5>{}(e);
    change<6>{}(e);
    last(e);
  }
};

struct fused_results {
  fold last{};
  void operator()(event& e) noexcept {
    last(compute<6>{}(compute<5>{}(compute<4>{}(compute<3>{}(compute<2>{}(compute<1>{}(e)))))));
  }
};

template <typename Fused, std::int64_t Ahead>
auto by_hand(std::int64_t batch, char const* variant, char const* style) -> entry {
  return {.where = &topic,
          .job = job(batch),
          .contender = "hand-written",
          .variant = variant,
          .run =
              [batch](load const& l) {
                Fused fused;
                auto const result = stream<event, Ahead>(l.events, capacity, batch, fill, fused);
                expect_equal("chain8, hand-written", fused.last.folded, expected(l.events));
                return result;
              },
          .part = role::limit,
          .style = style};
}

enter const entered{{by_hand<fused_in_place, 0>(1, "in place", in_place),
                     by_hand<fused_in_place, 256>(1, "in place, 256 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(1, "results in registers", results),
                     by_hand<fused_results, 256>(1, "results in registers, 256 slots fetched ahead", results),
                     by_hand<fused_in_place, 0>(10, "in place", in_place),
                     by_hand<fused_in_place, 256>(10, "in place, 256 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(10, "results in registers", results),
                     by_hand<fused_results, 256>(10, "results in registers, 256 slots fetched ahead", results),
                     by_hand<fused_in_place, 0>(1024, "in place", in_place),
                     by_hand<fused_in_place, 256>(1024, "in place, 256 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(1024, "results in registers", results),
                     by_hand<fused_results, 256>(1024, "results in registers, 256 slots fetched ahead", results)}};

}  // namespace
}  // namespace bench::chain8
