// SPDX-License-Identifier: MIT
// Names for stages that a template makes: s00, s01, ...
#pragma once

#include <millrace.hpp>

#include <cstddef>

namespace bench {

template <std::size_t K>
inline constexpr auto stage_name = [] {
  millrace::fixed_string<4> name{};
  name.text[0] = 's', name.text[1] = static_cast<char>('0' + K / 10), name.text[2] = static_cast<char>('0' + K % 10);
  return name;
}();

}  // namespace bench
