// SPDX-License-Identifier: MIT
// The diamond over Boost.Lockfree's spsc_queue.
#include "diamond/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::diamond {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over<spsc_pop>(name, "four spsc_queues", 0.2)}};

}  // namespace
}  // namespace bench::diamond
