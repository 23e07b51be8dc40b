// SPDX-License-Identifier: MIT
// Three consumers with a mutex, condition variables and what is between them each.
#include "multicast/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::multicast {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over<deque>(1, name, "deque each", 0.02), over<swapped>(1, name, "vector each, swapped", 0.1), over<swapped>(10, name, "vector each, swapped", 0.1)}};

}  // namespace
}  // namespace bench::multicast
