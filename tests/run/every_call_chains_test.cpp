// SPDX-License-Identifier: MIT
// Every call of every handler of a small pipeline throws once, whatever is to become of errors: chains, filters, batches, hooks, one producer or many.
#include "run/every_call_run.hpp"

#include <string>

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

template <template <how> class Shape>
void every_policy() {
  auto const tell = [](std::string const& what) { FAIL_CHECK(what); };
  SECTION("stop") { CHECK(throw_at_every_call<Shape<how::stop>>(tell) > 3L * most); }
  SECTION("skip") { CHECK(throw_at_every_call<Shape<how::skip>>(tell) > 3L * most); }
  SECTION("retry") { CHECK(throw_at_every_call<Shape<how::retry>>(tell) > 3L * most); }
  SECTION("retry, then divert") { CHECK(throw_at_every_call<Shape<how::retry_divert>>(tell) > 3L * most); }
  SECTION("ends") {
    CHECK(end_at_every_turn<Shape<how::stop>>(tell) > 3L * most);
    CHECK(end_at_every_turn<Shape<how::retry_divert>>(tell) > 3L * most);
    CHECK(end_in_every_call<Shape<how::stop>>(tell) > 3L * most);
    CHECK(end_in_every_call<Shape<how::retry_divert>>(tell) > 3L * most);
  }
}

}  // namespace

TEST_CASE("every call throws: a chain") { every_policy<chain>(); }
TEST_CASE("every call throws: a filter, and many producers") { every_policy<filtered>(); }
TEST_CASE("every call throws: batches") { every_policy<batches>(); }
