// SPDX-License-Identifier: MIT
// By hand: one loop; and two threads that draw the next number from one counter, without order: ideal balance, at a price that does not
// show beside such events.
#include <atomic>

#include "pool/problem.hpp"
#include "support/check.hpp"
#include "support/hand_written.hpp"

namespace bench::pool {
namespace {

auto in_one(std::uint64_t one_in) {
  return [one_in](load const& l) {
    fold last;
    work const stage{one_in};
    auto const result = one_loop(l.events, [&] {
      for (std::int64_t i = 0; i < l.events; ++i) last(stage(i));
    });
    expect_equal("pool, one loop", static_cast<std::int64_t>(last.folded), expected(l.events));
    return result;
  };
}

auto by_one_counter(std::uint64_t one_in) {
  return [one_in](load const& l) {
    work const stage{one_in};
    std::atomic<std::int64_t> next{0};
    return two_loops(l.events, [&](std::size_t) {
      fold to;
      for (std::int64_t n = 0; (n = next.fetch_add(1, std::memory_order::relaxed)) < l.events;) to(stage(n));  // a number: orders nothing
      static_cast<void>(opaque(to.folded));
    });
  };
}

auto by_hand(mixture const& m, char const* variant, std::function<measured(load const&)> how, role part) -> entry {
  return {.where = &topic, .job = m.job, .contender = "hand-written", .variant = variant, .run = std::move(how), .part = part, .share = m.share};
}
auto both(mixture const& m) -> std::vector<entry> {
  return {by_hand(m, "one loop, one processor", in_one(m.one_in), role::limit), by_hand(m, "two threads, one counter, no order", by_one_counter(m.one_in), role::contender)};
}
enter const entered[]{enter{both(mixtures[0])}, enter{both(mixtures[1])}};

}  // namespace
}  // namespace bench::pool
