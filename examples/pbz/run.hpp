// SPDX-License-Identifier: MIT
// Runs either pipeline: so many workers for the work, and one that reads and writes.
#pragma once
#include <millrace.hpp>

#include <bit>
#include <chrono>
#include <cstddef>
#include <future>
#include <utility>

#include "progress.hpp"

namespace pbz {

namespace mr = millrace;

// [run]
/// Stages are numbered as in the sentence: the source, the work, which all workers but the last share, and writing.
inline auto plan_for(std::size_t workers) -> mr::plan {
  mr::plan p{workers + 1, 3};
  for (std::size_t w = 0; w != workers; ++w) p.give(w, 1, ~mr::lane_mask{0});  // all lanes: whoever has time takes the next
  p.give(workers, 0, 1);
  p.give(workers, 2, 1);
  return p;
}

/// Throws     what a handler threw.
template <typename Pipeline>
void run(Pipeline&& pipeline, std::size_t workers, progress_line const& shown) {
  mr::workers crew{{.max = workers + 1, .place = {.pin = false, .bind_memory = false}}};  // the system knows what else this machine does
  mr::runner run{std::forward<Pipeline>(pipeline), crew,
                 {.capacity = std::bit_ceil(2 * workers + 1),       // blocks in memory: one at work and one that waits for each worker
                  .plan = plan_for(workers),
                  .batch = 1}};                                     // a block is a tenth of a second
  if (shown.shown()) {
    auto ended = std::async(std::launch::async, [&] { return run.finish(); });
    while (ended.wait_for(std::chrono::milliseconds{100}) == std::future_status::timeout) shown.update();
    ended.get().rethrow();
  } else {
    run.finish().rethrow();
  }
}
// [/run]

}  // namespace pbz
