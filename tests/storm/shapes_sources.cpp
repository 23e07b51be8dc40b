// SPDX-License-Identifier: MIT
// Pipelines with their own source.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct source {
  static constexpr auto name = "source";
  static auto sentence(world& w) {
    return mr::generate(spring<word>{w, 0}) | mr::change<"stir">(stir{w, 1}) | mr::filter<"sift">(sift{w, 2}) | mr::map<"brew">(brew<box>{w, 3}) | mr::tap<"look">(hooked<look>{w, 4});
  }
};
struct filling {
  static constexpr auto name = "filling";
  static auto sentence(world& w) { return mr::generate<text>(filling_spring{w, 0}) | mr::map<"brew">(brew<wide>{w, 1}) | mr::tap<"look">(hooked<look_where>{w, 2}); }
};
struct giving {
  static constexpr auto name = "giving";
  static auto sentence(world& w) {
    return mr::generate(spring<parcel>{w, 0}) | mr::tap<"first">(look_at_all{w, 1}, mr::in_batches) | mr::change<"stir">(stir{w, 2}) | mr::tap<"look">(look_and_keep{w, 3});
  }
};

}  // namespace

auto source_shapes() -> std::vector<shape> { return {subject_of<source>::entry(), subject_of<filling>::entry(), subject_of<giving>::entry()}; }

}  // namespace storm
