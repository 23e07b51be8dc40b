// SPDX-License-Identifier: MIT
// The diamond with mutexes and condition variables.
#include "diamond/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::diamond {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over<deque>(name, "four deques", 0.02)}};

}  // namespace
}  // namespace bench::diamond
