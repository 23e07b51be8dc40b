// SPDX-License-Identifier: MIT
// Three producers over Boost.Lockfree's queue, and with an spsc_queue each.
#include "many/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::many {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over(1, name, "queue, fixed size", 0.05, one_queue<mpmc>), over(1, name, "three spsc_queues, consume_all, polled", 0.5, three_queues<spsc_all>),
                     over(10, name, "three spsc_queues, push 10, consume_all, polled", 0.5, three_queues<spsc_all>)}};

}  // namespace
}  // namespace bench::many
