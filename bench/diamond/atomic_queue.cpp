// SPDX-License-Identifier: MIT
// The diamond over atomic_queue.
#include "diamond/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::diamond {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over<one_to_one>(name, "four queues, SPSC, tries", 0.2)}};

}  // namespace
}  // namespace bench::diamond
