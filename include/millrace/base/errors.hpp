// SPDX-License-Identifier: MIT
// The typed errors of the library. All are mistakes of the program, and all of these are found before any event is touched.
#pragma once
#include <stdexcept>

namespace millrace {

/// Base of every error the library throws itself.
struct error : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};
/// A capacity that is no power of two, zero, or too large.
struct bad_capacity : error {
  using error::error;
};
/// A plan or grouping that leaves a stage without a worker, names an unknown stage, or breaks a constraint.
struct bad_plan : error {
  using error::error;
};
/// A processor that may not be used here, or the description of a machine that makes no sense.
struct bad_place : error {
  using error::error;
};
/// A call that cannot work from here or now: a second producer handle, waiting for a pipeline from inside one of its handlers.
struct bad_call : error {
  using error::error;
};

/// The runner that a stage publishes into takes no more events: it has ended, or failed.
struct runner_closed : error {
  using error::error;
};

/// Something that this system does not offer.
struct unsupported : error {
  using error::error;
};

}  // namespace millrace
