// SPDX-License-Identifier: MIT
// Unicast over Boost.Lockfree's queues.
#include "support/queues/boost.hpp"
#include "unicast/queues.hpp"

namespace bench::unicast {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over<spsc_pop>(1, name, "spsc_queue, pop", 0.5), over<spsc_all>(1, name, "spsc_queue, consume_all", 0.5),
                     over<mpmc>(1, name, "queue, fixed size", 0.03), over<spsc_all>(10, name, "spsc_queue, push 10, consume_all", 0.5)}};

}  // namespace
}  // namespace bench::unicast
