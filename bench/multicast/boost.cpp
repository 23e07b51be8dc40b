// SPDX-License-Identifier: MIT
// Three consumers with a Boost.Lockfree spsc_queue each.
#include "multicast/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::multicast {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over<spsc_all>(1, name, "spsc_queue each, consume_all", 0.2), over<spsc_all>(10, name, "spsc_queue each, push 10, consume_all", 0.2)}};

}  // namespace
}  // namespace bench::multicast
