// SPDX-License-Identifier: MIT
// A position in a stream of events. Signed, so that differences are ordinary numbers; never wraps: the end is refused.
#pragma once
#include <cstdint>

namespace millrace {

/// The number of an event in its ring; the first is 0. A cursor at s says that all events below s are done.
using sequence = std::int64_t;

/// No event has this number or a higher one. Half of the range, so that adding a capacity can never overflow: at a
/// thousand million events a second it is reached after 146 years, and then claims are refused.
inline constexpr sequence sequence_limit = INT64_MAX / 2;

}  // namespace millrace
