// SPDX-License-Identifier: MIT
// Eight stages with the LMAX Disruptor itself: eight threads.
#include "support/lmax_java.hpp"
#include "chain8/problem.hpp"

namespace bench::chain8 {
namespace {

auto publish(std::int64_t batch, char const* wait, role part, double share) -> entry {
  return java::publishing(topic, job(batch), batch, wait, part, share, [](std::int64_t events) -> std::vector<std::int64_t> { return {static_cast<std::int64_t>(expected(events))}; }, in_place);
}

java::enter_if_there const entered{{publish(1, "yielding", role::lmax, 0.4),
                                     publish(10, "yielding", role::lmax, 0.4),
                                     publish(1024, "yielding", role::lmax, 0.4)}};

}  // namespace
}  // namespace bench::chain8
