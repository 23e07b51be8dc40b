// SPDX-License-Identifier: MIT
#include <millrace/sync/back_off.hpp>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

using support::fake_platform;
using back_off = millrace::back_off<fake_platform>;

constexpr std::int64_t large = 65'536;  // slots: no bound

TEST_CASE("looks that keep finding a few events come less often, up to a bound") {
  fake_platform::begin();
  back_off b;
  CHECK(b.pauses() == 0);
  long total = 0;
  for (std::uint32_t const pauses : {4u, 8u, 16u, 32u, 64u, 128u, 128u, 128u}) {
    b.after(back_off::few, large);
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
  for (auto const& [found, then] : {row{0, 0}, {1, 0}, {2, 8}, {7, 8}, {8, 32}, {511, 32}, {512, 16}, {large / 2, 16}, {large, 8}}) {
    back_off b;
    for (int i = 0; i < 3; ++i) b.after(100, large);
    REQUIRE(b.pauses() == 16);
    fake_platform::begin();
    b.after(found, large);
    CAPTURE(found);
    CHECK(b.pauses() == then);
    CHECK(fake_platform::now_is.relaxed ==
          (found >= back_off::one && found < back_off::enough ? then : 0));  // enough is taken at once
  }
}

TEST_CASE("one event at a time never pauses; many at once neither pause nor forget") {
  fake_platform::begin();
  back_off b;
  for (int i = 0; i < 100; ++i) b.after(1, large);
  for (int i = 0; i < 100; ++i) b.after(4096, large);
  CHECK(fake_platform::now_is.relaxed == 0);
  for (int i = 0; i < 10; ++i) b.after(100, large);
  auto const paused = fake_platform::now_is.relaxed;
  for (int i = 0; i < 10; ++i) b.after(4096, large);
  CHECK(b.pauses() == 128);
  CHECK(fake_platform::now_is.relaxed == paused);
  b.after(1, large);
  CHECK(b.pauses() == 0);
}

TEST_CASE("pauses do not outlast a small ring") {
  struct row {
    std::int64_t slots;
    std::uint32_t most;  // pauses
    std::int64_t many;   // events
  };
  for (auto const& [slots, most, many] : {row{16, 2, 8}, {64, 8, 32}, {256, 32, 128}, {512, 64, 256}, {1024, 128, 512}, {2048, 128, 512}, {large, 128, 512}}) {
    CAPTURE(slots);
    back_off b;
    fake_platform::begin();
    for (int i = 0; i < 10; ++i) b.after(many - 1, slots);
    CHECK(b.pauses() == most);
    auto const paused = fake_platform::now_is.relaxed;
    b.after(many, slots);  // is taken at once
    b.after(slots / 2, slots);
    CHECK(b.pauses() == most);
    b.after(slots, slots);  // the producer waits for room
    CHECK(b.pauses() == most / 2);
    CHECK(fake_platform::now_is.relaxed == paused);
  }
}

TEST_CASE("the smallest rings know no pause") {
  for (std::int64_t const slots : {1, 2, 4}) {
    back_off b;
    fake_platform::begin();
    for (std::int64_t i = 0; i < 100; ++i) b.after(i % slots + 1, slots);
    CHECK(fake_platform::now_is.relaxed == 0);
  }
}
