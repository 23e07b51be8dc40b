// SPDX-License-Identifier: MIT
// Unicast over atomic_queue. It has no batches.
#include "support/queues/atomic_queue.hpp"
#include "unicast/queues.hpp"

namespace bench::unicast {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over<one_to_one>(1, name, "AtomicQueue, SPSC, tries", 0.5), over<one_to_one_optimist>(1, name, "AtomicQueue, SPSC, optimist", 0.5),
                     over<one_to_one_soon>(1, name, "AtomicQueue, SPSC, optimist, no pauses", 0.5)}};

}  // namespace
}  // namespace bench::unicast
