// SPDX-License-Identifier: MIT
// Three stages over atomic_queue, of which only one that gives way goes with fewer processors than threads.
#include "chain3/queues.hpp"
#include "support/queues/atomic_queue.hpp"

namespace bench::chain3 {
namespace {

using namespace atomic_queues;
constexpr char const* name = "atomic_queue";

enter const entered{{over(1, name, "SPSC, tries, a thread per stage", 0.2, thread_per_stage<one_to_one>),
                     over(1, name, "SPSC, tries, stages inlined by hand", 0.5, inlined<one_to_one>)}};

}  // namespace
}  // namespace bench::chain3
