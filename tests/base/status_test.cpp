// SPDX-License-Identifier: MIT
#include <millrace/base/status.hpp>

#include "support/catch.hpp"

namespace mr = millrace;

TEST_CASE("every status has its text") {
  CHECK(mr::text(mr::status::ok) == "ok");
  CHECK(mr::text(mr::status::would_block) == "would block");
  CHECK(mr::text(mr::status::closed) == "closed");
  CHECK(mr::text(mr::status::dropped) == "dropped");
  CHECK(mr::text(mr::status::refused) == "refused");
  CHECK(mr::text(static_cast<mr::status>(200)) == "unknown");
}

TEST_CASE("a status that nobody set is ok") { CHECK(mr::status{} == mr::status::ok); }
