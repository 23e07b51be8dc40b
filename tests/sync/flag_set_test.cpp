// SPDX-License-Identifier: MIT
#include <millrace/sync/flag_set.hpp>

#include <array>
#include <thread>

#include "support/catch.hpp"

using flags = millrace::flag_set<millrace::std_platform>;

TEST_CASE("raising a flag says which are up now") {
  flags f;
  CHECK(f.raised() == 0);
  CHECK(f.raise(0) == 1);
  CHECK(f.raise(63) == (std::uint64_t{1} << 63 | 1));
  CHECK(f.raise(0) == (std::uint64_t{1} << 63 | 1));
  CHECK(f.raised() == (std::uint64_t{1} << 63 | 1));
}

TEST_CASE("exactly one raises the last flag, and sees what all the others did") {
  for (int round = 0; round < 50; ++round) {
    flags f;
    std::array<int, 3> done{}, last{}, seen{};  // plain memory
    std::array<std::thread, 3> threads;
    for (std::size_t t = 0; t < 3; ++t)
      threads[t] = std::thread{[&, t] {
        done[t] = 1;
        if (f.raise(t) == 7) last[t] = 1, seen[t] = done[0] + done[1] + done[2];
      }};
    for (auto& t : threads) t.join();
    REQUIRE(last[0] + last[1] + last[2] >= 1);
    for (std::size_t t = 0; t < 3; ++t) REQUIRE(seen[t] == 3 * last[t]);
  }
}
