// SPDX-License-Identifier: MIT
// Round trips with a mutex and condition variables.
#include "ping_pong/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::ping_pong {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over_sleeping<deque>(name, "deque")}};

}  // namespace
}  // namespace bench::ping_pong
