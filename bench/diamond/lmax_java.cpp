// SPDX-License-Identifier: MIT
// The diamond with the LMAX Disruptor itself: four threads.
#include "support/lmax_java.hpp"
#include "diamond/problem.hpp"

namespace bench::diamond {
namespace {

auto publish(std::int64_t batch, char const* wait, role part, double share) -> entry {
  return java::publishing(topic, job(batch), batch, wait, part, share, [](std::int64_t events) -> std::vector<std::int64_t> { return {expected(events)}; }, in_place);
}

java::enter_if_there const entered{{publish(1, "yielding", role::lmax, 0.5),
                                     publish(10, "yielding", role::lmax, 0.5)}};

}  // namespace
}  // namespace bench::diamond
