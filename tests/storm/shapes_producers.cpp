// SPDX-License-Identifier: MIT
// Several producers: in one order, or with a lane each; there stage 0 is the source that takes from the lanes.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct crowd {
  static constexpr auto name = "crowd";
  static auto sentence(world& w) {
    w.may_stumble(3);
    return mr::from<text>(mr::many_producers) | mr::change<"stir">(hooked<stir>{w, 0}) |
           mr::fan_out(mr::map<"left">(brew<word>{w, 1}) | mr::filter<"sift">(sift{w, 2}), mr::map<"right">(brew<box>{w, 3}, mr::on_error(mr::divert<"rejects">(salvage{w, 4})))) |
           mr::tap<"look">(look{w, 5}, mr::takes<"event">);
  }
};
struct queues {
  static constexpr auto name = "queues";
  template <typename Begin>
  static auto from(Begin&& begin, world& w) {
    w.may_stumble(2);
    return std::forward<Begin>(begin) | mr::change<"stir">(stir{w, 1}) | mr::tap<"doubt">(look{w, 2}, mr::on_error(mr::skip)) |
           mr::map<"by key">(keyed_brew{w, 4}, mr::keyed_by(key_of{w.keys->key})) | mr::tap<"look">(look_and_keep{w, 5});
  }
  static auto sentence(world& w) { return from(mr::from<word>(mr::lane_per_producer(world::many)), w); }
  static auto sequential(world& w) { return from(mr::from<word>(), w); }
};
struct owners {
  static constexpr auto name = "owners";
  template <typename Begin>
  static auto from(Begin&& begin, world& w) {
    return std::forward<Begin>(begin) | mr::map<"brew">(brew<text>{w, 1}) | mr::tap<"look">(hooked<look>{w, 2});
  }
  static auto sentence(world& w) { return from(mr::from<parcel>(mr::lane_per_producer(world::many)), w); }
  static auto sequential(world& w) { return from(mr::from<parcel>(), w); }
};

}  // namespace

auto producer_shapes() -> std::vector<shape> { return {subject_of<crowd>::entry(), subject_of<queues>::entry(), subject_of<owners>::entry()}; }

}  // namespace storm
