// SPDX-License-Identifier: MIT
// Names for stages that are counted, not written: "s00", "s01".
#pragma once
#include <cstddef>

#include <millrace/base/fixed_string.hpp>

namespace storm {

template <std::size_t K, char Letter = 's'>
constexpr auto numbered_name() {
  millrace::fixed_string<4> n;
  n.text[0] = Letter, n.text[1] = static_cast<char>('0' + K / 10), n.text[2] = static_cast<char>('0' + K % 10);
  return n;
}

}  // namespace storm
