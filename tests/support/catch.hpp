// SPDX-License-Identifier: MIT
// Catch2, version 3 if it is installed, else version 2 (what Debian 12 has). Tests use what both spell alike: TEST_CASE,
// TEMPLATE_TEST_CASE, SECTION, GENERATE, CHECK, REQUIRE and their _THROWS_AS and _THROWS_WITH, INFO, CAPTURE.
#pragma once
#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_approx.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers.hpp>
namespace Catch {
using Generators::range;
}
#else
#include <catch2/catch.hpp>
#endif
