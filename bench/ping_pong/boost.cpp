// SPDX-License-Identifier: MIT
// Round trips over Boost.Lockfree's queues.
#include "ping_pong/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::ping_pong {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over<spsc_pop>(name, "spsc_queue"), over<mpmc>(name, "queue, fixed size")}};

}  // namespace
}  // namespace bench::ping_pong
