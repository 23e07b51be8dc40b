// SPDX-License-Identifier: MIT
// Three stages over Boost.Lockfree's spsc_queue.
#include "chain3/queues.hpp"
#include "support/queues/boost.hpp"

namespace bench::chain3 {
namespace {

using namespace boost_lockfree;
constexpr char const* name = "Boost.Lockfree";

enter const entered{{over(1, name, "spsc_queue, consume_all, a thread per stage", 0.3, thread_per_stage<spsc_all>),
                     over(1, name, "spsc_queue, consume_all, stages inlined by hand", 0.5, inlined<spsc_all>),
                     over(1, name, "queue, fixed size, a thread per stage", 0.02, thread_per_stage<mpmc>),
                     over(10, name, "spsc_queue, push 10, consume_all, a thread per stage", 0.3, thread_per_stage<spsc_all>),
                     over(10, name, "spsc_queue, push 10, consume_all, stages inlined by hand", 0.5, inlined<spsc_all>)}};

}  // namespace
}  // namespace bench::chain3
