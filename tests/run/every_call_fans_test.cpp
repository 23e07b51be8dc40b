// SPDX-License-Identifier: MIT
// Every call of every handler of a small pipeline throws once, whatever is to become of errors: diamonds, branches, stages in any order.
#include "run/every_call_policies.hpp"
#include "support/catch.hpp"

namespace mr = millrace;
using namespace every_call;

namespace {

template <how H>
struct diamond {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'b', H, "a"}, {'c', H, "a"}, {'d', H, "abc"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::fan_out(mr::map<"b">(make{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w)),
                                                                                                                 mr::map<"c">(make{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w))) |
           mr::tap<"d">(look{&w, 'd'}, mr::idempotent, if_it_fails<H, "D">(w));
  }
};

template <how H>
struct nested {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'b', H}, {'f', H, "b", "", kind::filter}, {'c', H, "bf", "f"}, {'d', H}, {'e', H, "d"}, {'g', H, "bfcde"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() |
           mr::fan_out(mr::map<"b">(make{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w)) | mr::filter<"f">(sift{&w, 'f'}, mr::idempotent, if_it_fails<H, "F">(w)) | mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w)),
                       mr::tap<"d">(look{&w, 'd'}, mr::idempotent, if_it_fails<H, "D">(w)) | mr::map<"e">(make{&w, 'e'}, mr::idempotent, if_it_fails<H, "E">(w))) |
           mr::tap<"g">(look{&w, 'g'}, mr::idempotent, if_it_fails<H, "G">(w));
  }
};

template <how H>
struct crossed {
  static constexpr auto from = source::many;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'b', H, "a"}, {'c', H, "a"}, {'d', H, "abc"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>(mr::many_producers) | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::tap<"b">(look{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w)) | mr::after<"a"> |
           mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w)) | mr::after<"b", "c"> | mr::tap<"d">(look{&w, 'd'}, mr::idempotent, if_it_fails<H, "D">(w));
  }
};

}  // namespace

TEST_CASE("every call throws: a diamond") { every_policy<diamond>(); }
TEST_CASE("every call throws: chains in branches") { every_policy<nested>(); }
TEST_CASE("every call throws: stages in an order of their own") { every_policy<crossed>(); }
