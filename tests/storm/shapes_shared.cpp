// SPDX-License-Identifier: MIT
// Stages that several workers run at once, by key and by place. Who deals the keys is a stage too, without a handler here.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

struct keyed {
  static constexpr auto name = "keyed";
  static constexpr mr::fixed_string kept = "by key";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"stir">(stir{w, 0}) | mr::map<"by key">(keyed_brew{w, 2}, mr::keyed_by(key_of{w.keys->key})) | mr::tap<"look">(hooked<look_where>{w, 3});
  }
};
struct common {
  static constexpr auto name = "common";
  static auto sentence(world& w) {
    w.may_stumble(1), w.may_stumble(5);
    return mr::from<word>() | mr::tap<"first">(look{w, 0}) | mr::tap<"common">(common_look{w, 1}, mr::stateless, mr::on_error(mr::skip)) |
           mr::map<"by key">(keyed_brew{w, 3}, mr::keyed_by(key_of{w.keys->key}), mr::takes<"event">) | mr::filter<"sift">(sift{w, 4}) | mr::tap<"again">(common_look{w, 5}, mr::stateless, mr::on_error(mr::divert<"rejects">(salvage{w, 6}))) |
           mr::tap<"look">(look_and_keep{w, 7});
  }
};
/// How many workers are to run them is said, too; a plan that gives them to more or fewer is refused.
struct pools {
  static constexpr auto name = "pools";
  static auto sentence(world& w) {
    w.may_stumble(3);
    return mr::generate(spring<word>{w, 0}) | mr::map<"brew">(common_brew<text>{w, 1}, mr::stateless, mr::degree<2>) |
           mr::filter<"sift">(common_sift{w, 2}, mr::stateless, mr::degree<1, 3>) | mr::map<"box">(common_brew<box>{w, 3}, mr::stateless, mr::degree<1, 2>, mr::on_error(mr::skip)) |
           mr::tap<"look">(look{w, 4});
  }
};
/// Parts of the keys, as many as are said, and a pool behind.
struct parts {
  static constexpr auto name = "parts";
  static auto sentence(world& w) {
    w.may_stumble(2);
    return mr::from<text>() | mr::change<"stir">(stir{w, 0}) | mr::map<"by key">(keyed_brew{w, 2}, mr::keyed_by(key_of{w.keys->key}), mr::degree<1, 2>, mr::on_error(mr::skip)) |
           mr::map<"again">(keyed_brew{w, 4}, mr::keyed_by(key_of{w.keys->key}), mr::degree<1, 3>) | mr::tap<"common">(common_look{w, 5}, mr::stateless) | mr::tap<"look">(look{w, 6});
  }
};

}  // namespace

auto shared_shapes() -> std::vector<shape> { return {subject_of<keyed>::entry(), subject_of<common>::entry(), subject_of<pools>::entry(), subject_of<parts>::entry()}; }

}  // namespace storm
