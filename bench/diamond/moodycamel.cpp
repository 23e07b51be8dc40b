// SPDX-License-Identifier: MIT
// The diamond over moodycamel's ReaderWriterQueue.
#include "diamond/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::diamond {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{{over<reader_writer>(name, "four ReaderWriterQueues", 0.2)}};

}  // namespace
}  // namespace bench::diamond
