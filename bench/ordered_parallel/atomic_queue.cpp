// SPDX-License-Identifier: MIT
// A stage on two workers over atomic_queue.
#include "ordered_parallel/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::ordered_parallel {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{over<one_to_one>(name, "SPSC, tries, in turns")};

}  // namespace
}  // namespace bench::ordered_parallel
