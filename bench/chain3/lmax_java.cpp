// SPDX-License-Identifier: MIT
// Three stages with the LMAX Disruptor itself: four threads.
#include "support/lmax_java.hpp"
#include "chain3/problem.hpp"

namespace bench::chain3 {
namespace {

auto publish(std::int64_t batch, char const* wait, role part, double share) -> entry {
  return java::publishing(topic, job(batch), batch, wait, part, share, [](std::int64_t events) -> std::vector<std::int64_t> { return {expected(events)}; }, in_place);
}

java::enter_if_there const entered{{publish(1, "yielding", role::lmax, 0.5),
                                     publish(1, "blocking", role::contender, 0.02),
                                     publish(10, "yielding", role::lmax, 0.5),
                                     publish(1024, "yielding", role::lmax, 0.5)}};

}  // namespace
}  // namespace bench::chain3
