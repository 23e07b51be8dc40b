// SPDX-License-Identifier: MIT
// Stages whose errors do not stop all, in a row and in branches of branches.
#include "storm/subject_of.hpp"

namespace storm {
namespace {

using std::chrono::microseconds;

struct stumbling {
  static constexpr auto name = "stumbling";
  static auto sentence(world& w) {
    w.may_stumble(0), w.may_stumble(2), w.may_stumble(3), w.may_stumble(6);
    return mr::from<word>() | mr::tap<"doubt">(look{w, 0}, mr::on_error(mr::skip)) | mr::change<"stir">(hooked<stir>{w, 1}) |
           mr::tap<"again">(stubborn{w, 2}, mr::idempotent, mr::on_error(mr::retry(2, microseconds{1}, mr::skip))) |
           mr::map<"brew">(brew<text>{w, 3}, mr::on_error(mr::divert<"rejects">(salvage{w, 4}))) | mr::filter<"sift">(sift{w, 5}) |
           mr::tap<"rare">(look{w, 6}, mr::on_error(mr::divert<"rest">(salvage{w, 7}))) | mr::tap<"look">(look_and_keep{w, 8});
  }
};
struct thicket {
  static constexpr auto name = "thicket";
  static auto sentence(world& w) {
    w.may_stumble(2), w.may_stumble(5);
    return mr::from<text>() | mr::change<"stir">(stir{w, 0}) |
           mr::fan_out(mr::map<"a">(brew<word>{w, 1}) | mr::fan_out(mr::tap<"b">(look{w, 2}, mr::on_error(mr::skip)), mr::map<"c">(brew<box>{w, 3}) | mr::filter<"d">(sift{w, 4})),
                       mr::map<"e">(brew<word>{w, 5}, mr::on_error(mr::divert<"f">(salvage{w, 6}))), mr::tap<"g">(hooked<look_where>{w, 7})) |
           mr::after<"a"> | mr::tap<"h">(look{w, 8}, mr::takes<"a">) | mr::after<"g", "h"> | mr::tap<"i">(look{w, 9}, mr::takes<"event">);
  }
};

}  // namespace

auto stumbling_shapes() -> std::vector<shape> { return {subject_of<stumbling>::entry(), subject_of<thicket>::entry()}; }

}  // namespace storm
