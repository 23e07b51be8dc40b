// SPDX-License-Identifier: MIT
// Events of all kinds, several values at once, branches.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct parcels {
  static constexpr auto name = "parcels";
  static auto sentence(world& w) {
    return mr::from<parcel>() | mr::change<"stir">(stir{w, 0}) | mr::map<"brew">(brew<parcel>{w, 1}) | mr::filter<"sift">(sift{w, 2}) | mr::change<"again">(stir{w, 3}) |
           mr::tap<"look">(hooked<look>{w, 4});
  }
};
struct texts {
  static constexpr auto name = "texts";
  static auto sentence(world& w) {
    return mr::from<text>() | mr::filter<"sift">(sift{w, 0}) | mr::change<"stir">(stir{w, 1}) | mr::filter<"finer">(sift{w, 2}) | mr::map<"brew">(brew<wide>{w, 3}) |
           mr::tap<"look">(look{w, 4});
  }
};
struct named {
  static constexpr auto name = "takes";
  static auto sentence(world& w) {
    return mr::from<wide>() | mr::map<"first">(brew<text>{w, 0}) | mr::map<"second">(brew<word>{w, 1}) | mr::change<"stir">(hooked<stir>{w, 2}) |
           mr::tap<"both">(look{w, 3}, mr::takes<"first", "second">) | mr::tap<"all">(look{w, 4}, mr::takes<"event", "second", "first">);
  }
};
struct branches {
  static constexpr auto name = "branches";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"stir">(stir{w, 0}) |
           mr::fan_out(mr::map<"left">(brew<box>{w, 1}) | mr::change<"more">(stir{w, 2}), mr::tap<"beside">(look_and_keep{w, 3}),
                       mr::map<"right">(brew<text>{w, 4}) | mr::filter<"sift">(sift{w, 5})) |
           mr::tap<"join">(hooked<look>{w, 6}) | mr::tap<"left only">(look{w, 7}, mr::takes<"left">);
  }
};

}  // namespace

auto value_shapes() -> std::vector<shape> {
  return {subject_of<parcels>::entry(), subject_of<texts>::entry(), subject_of<named>::entry(), subject_of<branches>::entry()};
}

}  // namespace storm
