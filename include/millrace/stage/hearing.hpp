// SPDX-License-Identifier: MIT
// Telling the handler of a stage that is known by its number at run time.
#pragma once
#include <cstddef>
#include <utility>

#include <millrace/stage/hooks.hpp>
#include <millrace/stage/sharding.hpp>
#include <millrace/stage/segment.hpp>

namespace millrace {

/// Whether any handler of the segment has this hook; if not, nothing of what follows is compiled.
template <hook H, typename Segment>
consteval auto any_hears() -> bool {
  return []<std::size_t... K>(std::index_sequence<K...>) {
    return (hears<H, typename Segment::template node_at<K>::handler> || ...);
  }(std::make_index_sequence<Segment::size>{});
}

/// Of a stage that is shared by key the handlers of the lanes `mine`.
/// Throws     what the handler throws.
template <hook H, typename Segment, typename... What>
void tell_stage(typename Segment::nodes& nodes, std::size_t stage, std::uint64_t mine = ~std::uint64_t{0}, [[maybe_unused]] What... what) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (
        [&] {
          if constexpr (hears<H, typename Segment::template node_at<K>::handler>)
            if (stage == K + (Segment::own_source ? 1 : 0)) millrace::tell_lanes<H>(millrace::get<K>(nodes).f, mine, what...);
        }(),
        ...);
  }(std::make_index_sequence<Segment::size>{});
}

}  // namespace millrace
