// SPDX-License-Identifier: MIT
// Unicast with the LMAX Disruptor itself.
#include "support/lmax_java.hpp"
#include "unicast/problem.hpp"

namespace bench::unicast {
namespace {

auto publish(std::int64_t batch, char const* wait, role part, double share) -> entry {
  return java::publishing(topic, job(batch), batch, wait, part, share, [](std::int64_t events) -> std::vector<std::int64_t> { return {expected(events)}; });
}

java::enter_if_there const entered{{publish(1, "yielding", role::lmax, 0.5),
                                     publish(1, "busy-spin", role::contender, 0.5),
                                     publish(10, "yielding", role::lmax, 1),
                                     publish(10, "busy-spin", role::contender, 1),
                                     publish(1024, "yielding", role::lmax, 1)}};

}  // namespace
}  // namespace bench::unicast
