// SPDX-License-Identifier: MIT
// Round trips over atomic_queue.
#include "ping_pong/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::ping_pong {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over<one_to_one>(name, "AtomicQueue, SPSC, tries"), over<one_to_one_soon>(name, "AtomicQueue, SPSC, optimist, no pauses")}};

}  // namespace
}  // namespace bench::ping_pong
