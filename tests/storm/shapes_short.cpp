// SPDX-License-Identifier: MIT
// One to three stages.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct one {
  static constexpr auto name = "one";
  static auto sentence(world& w) { return mr::from<word>() | mr::tap<"look">(hooked<look_where>{w, 0}); }
};
struct two {
  static constexpr auto name = "two";
  static auto sentence(world& w) { return mr::from<box>() | mr::change<"stir">(stir{w, 0}) | mr::tap<"look">(look{w, 1}); }
};
struct three {
  static constexpr auto name = "three";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"stir">(hooked<stir>{w, 0}) | mr::map<"brew">(brew<text>{w, 1}) | mr::tap<"look">(look_and_keep{w, 2});
  }
};

}  // namespace

auto short_shapes() -> std::vector<shape> { return {subject_of<one>::entry(), subject_of<two>::entry(), subject_of<three>::entry()}; }

}  // namespace storm
