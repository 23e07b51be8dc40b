// SPDX-License-Identifier: MIT
// Three consumers with a queue of moodycamel's each.
#include "multicast/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::multicast {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over<reader_writer>(1, name, "ReaderWriterQueue each", 0.2), over<concurrent>(1, name, "ConcurrentQueue each, tokens, bulk takes", 0.2),
                     over<concurrent>(10, name, "ConcurrentQueue each, tokens, bulk puts and takes", 0.2)}};

}  // namespace
}  // namespace bench::multicast
