// SPDX-License-Identifier: MIT
// Every call of every handler of a small pipeline throws once, whatever is to become of errors: chains, filters, batches, hooks, one producer or many.
#include "run/every_call_policies.hpp"
#include "support/catch.hpp"

namespace mr = millrace;
using namespace every_call;

namespace {

template <how H>
struct chain {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'b', H, "a"}, {'c', H, "ab"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::change<"a">(alter{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::map<"b">(make{&w, 'b'}, mr::idempotent, if_it_fails<H, "B">(w)) |
           mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

template <how H>
struct filtered {
  static constexpr auto from = source::many;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'f', H, "a", "", kind::filter}, {'c', H, "af", "f"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>(mr::many_producers) | mr::map<"a">(make{&w, 'a'}, mr::idempotent, if_it_fails<H, "A">(w)) | mr::filter<"f">(sift{&w, 'f'}, mr::idempotent, if_it_fails<H, "F">(w)) |
           mr::tap<"c">(look{&w, 'c'}, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

template <how H>
struct batches {
  static constexpr auto from = source::one;
  static auto plan() -> rings { return with_the_dead({{{'a', H}, {'b', H, "a"}, {'f', H, "ab", "", kind::filter}, {'c', H, "abf", "f"}}}); }
  static auto pipeline(witness& w) {
    return mr::from<int>() | mr::change<"a">(alter_all{&w, 'a'}, mr::in_batches, mr::idempotent, if_it_fails<H, "A">(w)) | mr::map<"b">(make_all{&w, 'b'}, mr::in_batches, mr::idempotent, if_it_fails<H, "B">(w)) |
           mr::filter<"f">(sift_all{&w, 'f'}, mr::in_batches, mr::idempotent, if_it_fails<H, "F">(w)) | mr::tap<"c">(look_at_all{&w, 'c'}, mr::in_batches, mr::idempotent, if_it_fails<H, "C">(w));
  }
};

}  // namespace

TEST_CASE("every call throws: a chain") { every_policy<chain>(); }
TEST_CASE("every call throws: a filter, and many producers") { every_policy<filtered>(); }
TEST_CASE("every call throws: batches") { every_policy<batches>(); }
