// SPDX-License-Identifier: MIT
// Three producers over moodycamel's ConcurrentQueue, and with a ReaderWriterQueue each.
#include "many/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::many {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over(1, name, "ConcurrentQueue, tokens, bulk takes", 0.5, one_queue<concurrent>),
                     over(1, name, "three ReaderWriterQueues, polled", 0.3, three_queues<reader_writer>),
                     over(10, name, "ConcurrentQueue, tokens, bulk puts and takes", 0.5, one_queue<concurrent>)}};

}  // namespace
}  // namespace bench::many
