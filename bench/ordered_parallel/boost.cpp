// SPDX-License-Identifier: MIT
// A stage on two workers over Boost.Lockfree's spsc_queue.
#include "ordered_parallel/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::ordered_parallel {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{over<spsc_pop>(name, "spsc_queue, in turns")};

}  // namespace
}  // namespace bench::ordered_parallel
