// SPDX-License-Identifier: MIT
// Stages that several workers run at once, by key and by place. Who deals the keys is a stage too, without a handler here.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

auto key(word const& v) -> std::size_t { return key_of(v.n); }

struct keyed {
  static constexpr auto name = "keyed";
  static auto sentence(world& w) {
    return mr::from<word>() | mr::change<"stir">(stir{w, 0}) | mr::map<"by key">(keyed_brew{w, 2}, mr::keyed_by(key)) | mr::tap<"look">(hooked<look_where>{w, 3});
  }
};
struct common {
  static constexpr auto name = "common";
  static auto sentence(world& w) {
    w.stumbles[1] = 11;
    return mr::from<word>() | mr::tap<"first">(look{w, 0}) | mr::tap<"common">(common_look{w, 1}, mr::stateless, mr::on_error(mr::skip)) |
           mr::map<"by key">(keyed_brew{w, 3}, mr::keyed_by(key), mr::takes<"event">) | mr::filter<"sift">(sift{w, 4}) | mr::tap<"again">(common_look{w, 5}, mr::stateless) |
           mr::tap<"look">(look_and_keep{w, 6});
  }
};

}  // namespace

auto shared_shapes() -> std::vector<shape> { return {subject_of<keyed>::entry(), subject_of<common>::entry()}; }

}  // namespace storm
