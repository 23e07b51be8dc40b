// SPDX-License-Identifier: MIT
// Three stages by hand: inlined in one loop on the consumer's thread.
#include "chain3/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::chain3 {
namespace {

struct fused_in_place {
  count_fours last{};
  void operator()(event& e) noexcept {
    add{}(e);
    add_three{}(e);
    last(e);
  }
};

struct fused_results {
  count_fours last{};
  void operator()(event& e) noexcept { last(plus_three{}(sum_of{}(e))); }
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
                expect_equal("chain3, hand-written", fused.last.count, expected(l.events));
                return result;
              },
          .part = role::limit,
          .style = style};
}

enter const entered{{by_hand<fused_in_place, 0>(1, "in place", in_place),
                     by_hand<fused_in_place, 64>(1, "in place, 64 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(1, "results in registers", results),
                     by_hand<fused_results, 64>(1, "results in registers, 64 slots fetched ahead", results),
                     by_hand<fused_in_place, 0>(10, "in place", in_place),
                     by_hand<fused_in_place, 64>(10, "in place, 64 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(10, "results in registers", results),
                     by_hand<fused_results, 64>(10, "results in registers, 64 slots fetched ahead", results),
                     by_hand<fused_in_place, 0>(1024, "in place", in_place),
                     by_hand<fused_in_place, 64>(1024, "in place, 64 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(1024, "results in registers", results),
                     by_hand<fused_results, 64>(1024, "results in registers, 64 slots fetched ahead", results)}};

}  // namespace
}  // namespace bench::chain3
