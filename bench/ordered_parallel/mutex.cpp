// SPDX-License-Identifier: MIT
// A stage on two workers with a mutex and condition variables.
#include "ordered_parallel/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::ordered_parallel {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{over<deque>(name, "deque, in turns")};

}  // namespace
}  // namespace bench::ordered_parallel
