// SPDX-License-Identifier: MIT
#include <millrace/sync/handshake.hpp>
#include <millrace/sync/settlement.hpp>

#include "support/catch.hpp"

using settlement = millrace::settlement<millrace::std_platform>;
using handshake = millrace::handshake<millrace::std_platform>;

TEST_CASE("settlement: who comes second sees what the first did") {
  settlement s;
  s.begin();
  CHECK_FALSE(s.is_ready());
  CHECK(s.add(settlement::asleep) == 0);
  CHECK(s.add(settlement::ready) == settlement::asleep);
  CHECK(s.is_ready());
  CHECK(s.add(settlement::dropped) == (settlement::asleep | settlement::ready));
  s.begin();
  CHECK(s.add(settlement::ready) == 0);
}

TEST_CASE("handshake: in every order exactly one goes on") {
  SECTION("it ends first") {
    handshake h;
    CHECK_FALSE(h.finish());
    CHECK_FALSE(h.ask());
    CHECK(h.let_go() == handshake::found::finished);
  }
  SECTION("it is asked to stop first") {
    handshake h;
    CHECK_FALSE(h.ask());
    CHECK(h.let_go() == handshake::found::asked);
    CHECK(h.finish());
  }
  SECTION("it is let go first") {
    handshake h;
    CHECK(h.let_go() == handshake::found::nothing);
    CHECK(h.ask());
    CHECK(h.finish());
  }
  SECTION("nobody asks what has ended to stop") {
    handshake h;
    CHECK(h.let_go() == handshake::found::nothing);
    CHECK(h.finish());
    CHECK_FALSE(h.ask());
  }
}
