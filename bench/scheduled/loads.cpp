// SPDX-License-Identifier: MIT
// A producer on a third thread that asks for a part of what two workers can do. It is not pinned: it takes its time from a worker.
#include "scheduled/trial.hpp"

namespace bench::scheduled {
namespace {

/// Five stages of together 5 us: a worker does 200 events in a millisecond.
auto five(char const* job, double per_ms) {
  return entries(workload{.job = job,
                          .make = [](tally& seen) {
                            return mr::from<std::uint64_t>() | mr::map<"a">(even{400}) | mr::map<"b">(even{1200}) | mr::map<"c">(even{600}) | mr::map<"d">(even{2000}) | mr::map<"e">(even{800}) |
                                   mr::tap<"last">(last{1, &seen});
                          },
                          .plans = splits({400, 1200, 600, 2000, 800, 1}),
                          .per_ms = per_ms});
}
enter const moderate{five("12 a producer, 1.25 of what one carries", 250)};
enter const low{five("13 a producer, a quarter of what one carries", 50)};

}  // namespace
}  // namespace bench::scheduled
