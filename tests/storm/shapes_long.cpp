// SPDX-License-Identifier: MIT
// Twenty stages of a producer's, forty of an own source.
#include "storm/numbered_name.hpp"
#include "storm/subject_of.hpp"

namespace storm {
namespace {

/// A cycle of all verbs.
template <std::size_t K>
auto stage(world& w) {
  constexpr auto name = numbered_name<K>();
  if constexpr (K % 9 == 4) return mr::map<name>(brew<word>{w, K});
  else if constexpr (K % 9 == 7) return mr::filter<name>(sift{w, K});
  else if constexpr (K % 3 == 0) return mr::tap<name>(look{w, K});
  else return mr::change<name>(stir{w, K});
}
template <std::size_t K, std::size_t N, typename P>
auto extend(P&& p, world& w) {
  if constexpr (K == N) return std::forward<P>(p);
  else return extend<K + 1, N>(std::forward<P>(p) | stage<K>(w), w);
}

struct twenty {
  static constexpr auto name = "twenty";
  static auto sentence(world& w) { return extend<0, 20>(mr::from<word>(), w); }
};
struct forty {
  static constexpr auto name = "forty";
  static auto sentence(world& w) { return extend<1, 40>(mr::generate(spring<word>{w, 0}), w); }
};

}  // namespace

auto long_shapes() -> std::vector<shape> { return {subject_of<twenty>::entry(), subject_of<forty>::entry()}; }

}  // namespace storm
