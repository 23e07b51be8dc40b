// SPDX-License-Identifier: MIT
// Every call of every handler of a small pipeline throws once, whatever is to become of errors: stages that several workers share, and hooks.
#include "run/every_call_policies.hpp"
#include "support/catch.hpp"

namespace mr = millrace;
using namespace every_call;

namespace {

template <how H>
struct pools {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', at_once(H), "", "", kind::each, true}, {'b', at_once(H), "a", "", kind::each, true}, {'c', H, "ab"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::map<"a">(make{&w, 'a'}, mr::stateless, if_it_fails<at_once(H), "A">(w)) | mr::map<"b">(make{&w, 'b'}, mr::stateless, if_it_fails<at_once(H), "B">(w)) |
           mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

template <how H>
struct keyed {
  static constexpr auto from = source::many;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'k', at_once(H), "a", "", kind::each, true}, {'c', H, "ak"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>(mr::many_producers) | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::tap<"k">(look{&w, 'k'}, mr::keyed_by([](int n) { return n; }), if_it_fails<at_once(H), "K">(w)) |
           mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

template <how H>
struct hooks {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'f', H, "a", "", kind::filter}, {'c', H, "af", "f"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::change<"a">(hooked<alter>{{&w, 'a'}}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::filter<"f">(hooked<sift>{{&w, 'f'}}, mr::idempotent, if_it_fails<H, "F">(w)) |
           mr::tap<"c">(hooked<look>{{&w, 'c'}}, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

}  // namespace

TEST_CASE("every call throws: pools") { every_policy<pools>(); }
TEST_CASE("every call throws: a keyed stage") { every_policy<keyed>(); }
TEST_CASE("every call throws: hooks") { every_policy<hooks>(); }
