// SPDX-License-Identifier: MIT
// Three producers with the LMAX Disruptor itself.
#include "support/lmax_java.hpp"
#include "many/problem.hpp"

namespace bench::many {
namespace {

auto publish(std::int64_t batch, char const* wait, role part, double share) -> entry {
  return java::publishing(topic, job(batch), batch, wait, part, share, [](std::int64_t events) -> std::vector<std::int64_t> { return {expected(events)}; });
}

java::enter_if_there const entered{{publish(1, "yielding", role::lmax, 0.3), publish(1, "busy-spin", role::contender, 0.2), publish(10, "yielding", role::lmax, 0.5)}};

}  // namespace
}  // namespace bench::many
