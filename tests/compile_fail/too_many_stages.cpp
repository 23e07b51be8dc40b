// SPDX-License-Identifier: MIT
// expect: one too many
// expect: a pipeline holds at most 61 stages
// expect gcc: stage one too many:
#include "cases.hpp"

template <std::size_t I>
constexpr auto numbered() {
  mr::fixed_string<3> name;
  name.text[0] = static_cast<char>(0x41 + I / 26), name.text[1] = static_cast<char>(0x41 + I % 26);
  return name;
}
template <std::size_t... I>
auto many(std::index_sequence<I...>) { return (mr::from<order>() | ... | mr::tap<numbered<I>()>(see)); }
[[maybe_unused]] auto p = many(std::make_index_sequence<WRONG(61) RIGHT(60)>{}) | mr::tap<"one too many">(see);
