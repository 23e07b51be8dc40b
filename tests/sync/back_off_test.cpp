// SPDX-License-Identifier: MIT
#include <millrace/sync/back_off.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

using support::fake_platform;
using back_off = millrace::back_off<fake_platform>;

TEST_CASE("looks that keep finding a few events come less often, up to a bound") {
  fake_platform::begin();
  back_off b;
  CHECK(b.pauses() == 0);
  long total = 0;
  for (std::uint32_t const pauses : {4u, 8u, 16u, 32u, 64u, 128u, 128u, 128u}) {
    b.after(back_off::few);
    CHECK(b.pauses() == pauses);
    total += pauses;
    CHECK(fake_platform::now_is.relaxed == total);
  }
}

TEST_CASE("the table of pauses") {
  struct row {
    std::int64_t found;
    std::uint32_t then;
  };
  for (auto const& [found, then] : {row{0, 0}, {1, 0}, {2, 8}, {7, 8}, {8, 32}, {511, 32}, {512, 16}, {100'000, 16}}) {
    back_off b;
    for (int i = 0; i < 3; ++i) b.after(100);
    REQUIRE(b.pauses() == 16);
    fake_platform::begin();
    b.after(found);
    CAPTURE(found);
    CHECK(b.pauses() == then);
    CHECK(fake_platform::now_is.relaxed ==
          (found >= back_off::one && found < back_off::enough ? then : 0));  // enough is taken at once
  }
}

TEST_CASE("one event at a time never pauses; many at once neither pause nor forget") {
  fake_platform::begin();
  back_off b;
  for (int i = 0; i < 100; ++i) b.after(1);
  for (int i = 0; i < 100; ++i) b.after(4096);
  CHECK(fake_platform::now_is.relaxed == 0);
  for (int i = 0; i < 10; ++i) b.after(100);
  auto const paused = fake_platform::now_is.relaxed;
  for (int i = 0; i < 10; ++i) b.after(4096);
  CHECK(b.pauses() == 128);
  CHECK(fake_platform::now_is.relaxed == paused);
  b.after(1);
  CHECK(b.pauses() == 0);
}
