// SPDX-License-Identifier: MIT
// Unicast with a mutex and condition variables.
#include "support/queues/mutex.hpp"
#include "unicast/queues.hpp"

namespace bench::unicast {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over<deque>(1, name, "deque", 0.03), over<swapped>(1, name, "vector, swapped", 0.1), over<swapped>(10, name, "vector, swapped", 0.5)}};

}  // namespace
}  // namespace bench::unicast
