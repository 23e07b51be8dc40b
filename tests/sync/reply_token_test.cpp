// SPDX-License-Identifier: MIT
#include <millrace/sync/reply_token.hpp>

#include "support/catch.hpp"

using token = millrace::reply_token<millrace::std_platform>;

TEST_CASE("token: whoever is put there is taken once") {
  token t;
  int who = 0;
  CHECK(t.take() == nullptr);
  t.put(&who);
  CHECK(t.take() == &who);
  CHECK(t.take() == nullptr);
  CHECK(t.take_surely() == nullptr);
}

TEST_CASE("token: who gives up is not taken, and who was taken cannot give up") {
  token t;
  int who = 0, other = 0;
  t.put(&who);
  CHECK_FALSE(t.withdraw(&other));
  CHECK(t.withdraw(&who));
  CHECK(t.take() == nullptr);
  t.put(&who);
  CHECK(t.take() == &who);
  CHECK_FALSE(t.withdraw(&who));
  CHECK_FALSE(t.call_off(&who));
}

TEST_CASE("token: what is called off says so until it has passed") {
  token t;
  int who = 0;
  t.put(&who);
  CHECK_FALSE(t.called_off());
  CHECK(t.call_off(&who));
  CHECK(t.called_off());
  CHECK_FALSE(t.withdraw(&who));
  CHECK(t.take() == nullptr);
  CHECK_FALSE(t.called_off());
}
