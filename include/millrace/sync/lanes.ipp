// SPDX-License-Identifier: MIT
// Making lanes.
#pragma once
#include <cstddef>

namespace millrace {

template <typename Platform>
lanes<Platform>::lanes(std::size_t count, sequence first) noexcept : count_{count} {
  for (auto& c : at_) c.publish(first);
}

}  // namespace millrace
