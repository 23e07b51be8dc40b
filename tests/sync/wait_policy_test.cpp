// SPDX-License-Identifier: MIT
#include <millrace/sync/wait_policy.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;

TEST_CASE("no policy spins without end by default") {
  constexpr mr::wait_policy p;
  CHECK(p.then == mr::rest::park);
  CHECK(p.spins < 1000);
  CHECK(p.yields < 1ms);
  CHECK(p.at_most == 0ns);
  CHECK(p.adapts);
}

TEST_CASE("the names of the field are values of one type") {
  CHECK(mr::busy_spin.then == mr::rest::never);
  CHECK(mr::busy_spin.spins == UINT32_MAX);
  CHECK(mr::yielding.then == mr::rest::never);
  CHECK(mr::yielding.spins == 100);
  CHECK(mr::sleeping.then == mr::rest::nap);
  CHECK(mr::sleeping.nap > 0ns);
  CHECK(mr::blocking.then == mr::rest::park);
  CHECK(mr::blocking.yields == 0ns);
  CHECK(mr::blocking.at_most == 0ns);
  for (auto const& p : {mr::busy_spin, mr::yielding, mr::sleeping, mr::blocking})
    CHECK_FALSE(p.adapts);  // what one asks for by name stays
}

TEST_CASE("policies with a number in them") {
  constexpr auto b = mr::blocking_for(3ms);
  CHECK(b.at_most == 3ms);
  CHECK(b.then == mr::rest::park);
  CHECK(b.spins == mr::blocking.spins);
  CHECK(b.yields == mr::blocking.yields);
  constexpr auto p = mr::phased(7, 9us);
  CHECK(p.spins == 7);
  CHECK(p.yields == 9us);
  CHECK(p.then == mr::rest::park);
  CHECK_FALSE(p.adapts);
}
