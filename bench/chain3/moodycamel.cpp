// SPDX-License-Identifier: MIT
// Three stages over moodycamel's queues.
#include "chain3/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::chain3 {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over(1, name, "ReaderWriterQueue, a thread per stage", 0.2, thread_per_stage<reader_writer>),
                     over(1, name, "ConcurrentQueue, tokens, bulk takes, a thread per stage", 0.2, thread_per_stage<concurrent>),
                     over(10, name, "ConcurrentQueue, tokens, bulk puts and takes, a thread per stage", 0.2, thread_per_stage<concurrent>)}};

}  // namespace
}  // namespace bench::chain3
