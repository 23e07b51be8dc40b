// SPDX-License-Identifier: MIT
// A scheduler that changes plans as often as it can, for tests of what must hold whatever it decides.
#pragma once
#include <millrace/run/schedule.hpp>

namespace support {

/// Looks all the time, and is not sure of anything.
inline auto restless() -> millrace::schedule_options {
  millrace::schedule_options o;
  o.tuned.period = o.tuned.longest_period = 20e-6;
  o.tuned.dwell = o.tuned.warmup = o.tuned.verify = o.tuned.verify_until = o.tuned.idle_after = 0;
  o.tuned.confirm_up = o.tuned.confirm_down = 1;
  o.tuned.gain = o.tuned.least_gain = o.tuned.settled_gain = 0.5;
  return o;
}

}  // namespace support
