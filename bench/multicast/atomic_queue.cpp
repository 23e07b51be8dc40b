// SPDX-License-Identifier: MIT
// Three consumers with an AtomicQueue each.
#include "multicast/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::multicast {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over<one_to_one>(1, name, "SPSC each, tries", 0.2)}};

}  // namespace
}  // namespace bench::multicast
