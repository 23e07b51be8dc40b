// SPDX-License-Identifier: MIT
// Round trips over moodycamel's queues.
#include "ping_pong/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::ping_pong {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over<reader_writer>(name, "ReaderWriterQueue"), over<concurrent>(name, "ConcurrentQueue, tokens")}};

}  // namespace
}  // namespace bench::ping_pong
