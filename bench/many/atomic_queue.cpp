// SPDX-License-Identifier: MIT
// Three producers over atomic_queue.
#include "many/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::many {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over(1, name, "AtomicQueue, tries", 0.1, one_queue<many_to_many>), over(1, name, "three AtomicQueues, SPSC, tries, polled", 0.3, three_queues<one_to_one>)}};

}  // namespace
}  // namespace bench::many
