// SPDX-License-Identifier: MIT
// A shape under every policy for errors, and every end of it, as sections of a test case.
#pragma once
#include <string>

#include "run/every_call_run.hpp"
#include "support/catch.hpp"

namespace every_call {

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

}  // namespace every_call
