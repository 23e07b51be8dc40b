// SPDX-License-Identifier: MIT
// Eight stages with a mutex and condition variables.
#include "chain8/queues.hpp"
#include "support/queues/mutex.hpp"

namespace bench::chain8 {
namespace {

using namespace with_mutex;
constexpr char const* name = "mutex";

enter const entered{{over(1, name, "deque, a thread per stage", 0.02, thread_per_stage<deque>), over(1, name, "vector, swapped, a thread per stage", 0.1, thread_per_stage<swapped>),
                     over(10, name, "vector, swapped, a thread per stage", 0.1, thread_per_stage<swapped>)}};

}  // namespace
}  // namespace bench::chain8
