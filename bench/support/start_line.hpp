// SPDX-License-Identifier: MIT
// Threads wait here until all have started and are pinned, so that no run measures the start of threads.
#pragma once

#include <sched.h>

#include <atomic>

#include "support/cpu.hpp"

namespace bench {

class start_line {
 public:
  explicit start_line(int threads) : missing_{threads} {}

  void wait() noexcept {
    missing_.fetch_sub(1, std::memory_order::acq_rel);  // pairs with the load below: what was set up is seen by all
    for (int looks = 0; missing_.load(std::memory_order::acquire) > 0; ++looks) {  // pairs with the fetch_sub above
      if (looks < 1000) {
        pause_once();
      } else {
        sched_yield();
      }
    }
  }

 private:
  std::atomic<int> missing_;
};

}  // namespace bench
