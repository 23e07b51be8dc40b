// SPDX-License-Identifier: MIT
// Handlers that take whole batches, plans that must keep to something, two rings in a row.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct batches {
  static constexpr auto name = "batches";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"stir">(stir_all{w, 0}, mr::in_batches) | mr::filter<"sift">(sift_all{w, 1}, mr::in_batches) |
           mr::map<"brew">(brew_all<box, word>{w, 2}, mr::in_batches) | mr::tap<"look">(hooked<look_at_all>{w, 3}, mr::in_batches) | mr::tap<"each">(look{w, 4});
  }
};
struct mixed {
  static constexpr auto name = "mixed";
  static auto sentence(world& w) {
    return mr::from<text>() | mr::tap<"first">(look_at_all{w, 0}, mr::in_batches) | mr::filter<"sift">(sift{w, 1}) | mr::change<"stir">(stir_all{w, 2}, mr::in_batches) |
           mr::map<"brew">(brew<text>{w, 3}) | mr::filter<"finer">(sift_all{w, 4}, mr::in_batches) | mr::map<"again">(brew_all<text, text>{w, 5}, mr::in_batches) |
           mr::change<"end">(hooked<stir>{w, 6}) | mr::tap<"look">(look{w, 7});
  }
};
struct bound {
  static constexpr auto name = "bound";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"a">(stir{w, 0}) | mr::tap<"b">(look{w, 1}) | mr::map<"c">(brew<word>{w, 2}) | mr::tap<"d">(hooked<look>{w, 3}) | mr::together<"a", "c"> |
           mr::apart<"b", "d">;
  }
};
struct rings {
  static constexpr auto name = "rings";
  static auto sentence(world& w) {
    return mr::from<text>() | mr::change<"stir">(hooked<stir>{w, 0}) | mr::expand<"halve">(halve{w, 1}) | mr::filter<"sift">(sift{w, 2}) | mr::change<"again">(stir{w, 3}) |
           mr::tap<"look">(hooked<look>{w, 4});
  }
};

}  // namespace

auto batch_shapes() -> std::vector<shape> { return {subject_of<batches>::entry(), subject_of<mixed>::entry(), subject_of<bound>::entry(), subject_of<rings>::entry()}; }

}  // namespace storm
