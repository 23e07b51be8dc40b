// SPDX-License-Identifier: MIT
// The diamond by hand: all stages inlined in one loop on the consumer's thread.
#include "diamond/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::diamond {
namespace {

constexpr char const* name = "diamond, hand-written";

struct fused_in_place {
  count_both last{};
  void operator()(event& e) noexcept {
    set_fizz{}(e);
    set_buzz{}(e);
    last(e);
  }
};

struct fused_results {
  count_both last{};
  void operator()(event const& e) noexcept { last(is_fizz{}(e), is_buzz{}(e)); }
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
                expect_equal(name, fused.last.count, expected(l.events));
                return result;
              },
          .part = role::limit,
          .style = style};
}

template <typename Fused>
auto loop_by_hand(char const* variant, char const* style) -> entry {
  return {.where = &topic,
          .job = own_source,
          .contender = "hand-written",
          .variant = variant,
          .run =
              [](load const& l) {
                Fused fused;
                auto const result = one_loop(l.events, [&] {
                  source next{.end = l.events};
                  Fused mine;
                  while (auto e = next()) mine(*e);
                  fused = mine;
                });
                expect_equal(name, fused.last.count, expected(l.events));
                return result;
              },
          .part = role::limit,
          .style = style,
          .cpus = 1};
}

enter const entered{{by_hand<fused_in_place, 0>(1, "in place", in_place),
                     by_hand<fused_in_place, 128>(1, "in place, 128 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(1, "results in registers", results),
                     by_hand<fused_results, 128>(1, "results in registers, 128 slots fetched ahead", results),
                     by_hand<fused_in_place, 0>(10, "in place", in_place),
                     by_hand<fused_in_place, 128>(10, "in place, 128 slots fetched ahead", in_place),
                     by_hand<fused_results, 0>(10, "results in registers", results),
                     by_hand<fused_results, 128>(10, "results in registers, 128 slots fetched ahead", results),
                     loop_by_hand<fused_in_place>("one loop, in place", in_place),
                     loop_by_hand<fused_results>("one loop, results in registers", results)}};

}  // namespace
}  // namespace bench::diamond
