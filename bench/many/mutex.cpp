// SPDX-License-Identifier: MIT
// Three producers with a mutex and condition variables.
#include "many/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::many {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over(1, name, "deque", 0.05, one_queue<deque>), over(1, name, "vector, swapped", 0.1, one_queue<swapped>), over(10, name, "vector, swapped", 0.5, one_queue<swapped>)}};

}  // namespace
}  // namespace bench::many
