// SPDX-License-Identifier: MIT
// The names of enumerators, from the compiler: a new site is listed, weakened and reported without an edit here.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <millrace/sync/site.hpp>

namespace millrace::model {

/// Sites are looked for among the values below this.
inline constexpr std::size_t most_sites = 64;

/// The name of enumerator V, or nothing if no enumerator has this value.
template <auto V>
constexpr auto name_of() -> std::string_view {
  std::string_view all = __PRETTY_FUNCTION__;  // "... [with auto V = millrace::site::lane_take]", or "(millrace::site)77"
  auto const from = all.find("V = ") + 4;
  auto const to = all.find_first_of(";]", from);
  auto text = all.substr(from, to - from);
  if (text.empty() || text.front() == '(') return {};
  return text.substr(text.rfind(':') + 1);
}

template <std::size_t... I>
constexpr auto names_of_sites(std::index_sequence<I...>) -> std::array<std::string_view, sizeof...(I)> {
  return {name_of<static_cast<site>(I)>()...};
}
inline constexpr auto site_names = names_of_sites(std::make_index_sequence<most_sites>{});

static_assert(site_names[0] == "producer_publish");
static_assert(site_names[most_sites - 1].empty(), "more sites than the explorer can weaken");

}  // namespace millrace::model
