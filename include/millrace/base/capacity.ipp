// SPDX-License-Identifier: MIT
// What is wrong with a capacity.
#pragma once
#include <cstddef>

#include <millrace/base/errors.hpp>
#include <millrace/base/message.hpp>

namespace millrace {

MILLRACE_COMPILED void capacity::refuse(std::size_t slots) {
  throw bad_capacity{message{"a ring's capacity must be a power of two between 1 and 2^40, not ", slots}.text()};
}

}  // namespace millrace
