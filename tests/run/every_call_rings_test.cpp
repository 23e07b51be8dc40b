// SPDX-License-Identifier: MIT
// Every call of every handler of a small pipeline throws once, whatever is to become of errors: several rings, own sources.
#include "run/every_call_policies.hpp"

#include <optional>
#include <utility>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace every_call;

namespace {

/// Every `step`-th number from one on.
struct numbers {
  witness* w;
  int next;
  int step = 2;
  auto operator()() -> std::optional<int> {
    if (next >= most) return std::nullopt;
    w->call('s', next);
    return std::exchange(next, next + step);
  }
};

template <how H>
struct three_rings {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'b', at_once(H), "a", "", kind::expand}}, {{'f', H, "", "", kind::filter}, {'c', how::stop, "f", "f", kind::compact}}, {{'d', H}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::expand<"b">(unfold{&w, 'b'}, mr::ring_of(2), if_it_fails<at_once(H), "B">(w)) |
           mr::filter<"f">(sift{&w, 'f'}, mr::idempotent, if_it_fails<H, "F">(w)) | mr::compact<"c">() | mr::tap<"d">(look{&w, 'd'}, mr::idempotent, if_it_fails<H, "D">(w));
  }
};

template <how H>
struct merged {
  static constexpr auto from = source::own;
  static auto plan() -> rings { return with_the_dead({{{'s', how::stop}, {'a', H, "s"}, {'b', H, "sa"}}}); }
  static auto pipeline(witness& w) {
    return mr::merge(mr::generate(numbers{&w, 0}), mr::generate(numbers{&w, 1})) | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::tap<"b">(look{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w));
  }
};

template <how H>
struct unfolded {
  static constexpr auto from = source::own;
  static auto plan() -> rings { return with_the_dead({{{'s', how::stop}, {'a', at_once(H), "s", "", kind::expand}}, {{'b', H}}}); }
  static auto pipeline(witness& w) {
    return mr::generate(numbers{&w, 0, 1}) | mr::expand<"a">(unfold{&w, 'a'}, if_it_fails<at_once(H), "A">(w)) | mr::tap<"b">(look{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w));
  }
};

}  // namespace

TEST_CASE("every call throws: three rings") { every_policy<three_rings>(); }
TEST_CASE("every call throws: two sources") { every_policy<merged>(); }
TEST_CASE("every call throws: a source and a second ring") { every_policy<unfolded>(); }
