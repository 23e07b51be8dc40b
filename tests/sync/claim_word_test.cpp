// SPDX-License-Identifier: MIT
#include <millrace/sync/claim_word.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("a claim word says how far was claimed, and takes back what is not used") {
  mr::claim_word<mr::std_platform> word{10};
  CHECK(word.settled() == 10);
  word.announce(14);
  CHECK(word.settled() == 14);
  word.give_back(12);
  CHECK(word.settled() == 12);
}
