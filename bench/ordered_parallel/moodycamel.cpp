// SPDX-License-Identifier: MIT
// A stage on two workers over moodycamel's ReaderWriterQueue.
#include "ordered_parallel/queues.hpp"
#include "support/queues/moodycamel.hpp"

namespace bench::ordered_parallel {
namespace {

using namespace moodycamel_queues;
constexpr char const* name = "moodycamel";

enter const entered{over<reader_writer>(name, "ReaderWriterQueue, in turns")};

}  // namespace
}  // namespace bench::ordered_parallel
