// SPDX-License-Identifier: MIT
// Unicast over moodycamel's queues.
#include "support/queues/moodycamel.hpp"
#include "unicast/queues.hpp"

namespace bench::unicast {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over<reader_writer>(1, name, "ReaderWriterQueue", 0.3), over<concurrent>(1, name, "ConcurrentQueue, tokens, bulk takes", 0.3),
                     over<concurrent>(10, name, "ConcurrentQueue, tokens, bulk puts and takes", 0.5)}};

}  // namespace
}  // namespace bench::unicast
