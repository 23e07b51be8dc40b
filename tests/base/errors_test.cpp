// SPDX-License-Identifier: MIT
#include <millrace/base/errors.hpp>

#include <stdexcept>
#include <string>

#include "support/catch.hpp"

namespace mr = millrace;

TEMPLATE_TEST_CASE("every error of the library can be caught as one, and keeps its text", "", mr::bad_capacity, mr::bad_plan,
                   mr::bad_call) {
  auto const thrown = [] { throw TestType{"what is wrong"}; };
  CHECK_THROWS_AS(thrown(), mr::error);
  CHECK_THROWS_AS(thrown(), std::logic_error);
  CHECK_THROWS_WITH(thrown(), "what is wrong");
}
