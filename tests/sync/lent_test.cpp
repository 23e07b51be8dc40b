// SPDX-License-Identifier: MIT
#include <millrace/sync/lent.hpp>

#include <array>
#include <thread>

#include "support/catch.hpp"

using lent = millrace::lent<millrace::std_platform>;

TEST_CASE("what is lent is lent once until it comes back") {
  lent l;
  CHECK(l.lend());
  CHECK_FALSE(l.lend());
  CHECK_FALSE(l.lend());
  l.give_back();
  CHECK(l.lend());
}

TEST_CASE("one of several threads has it at a time, and sees what the last one did") {
  lent l;
  long uses = 0;  // plain memory
  std::array<long, 3> mine{};
  std::array<std::thread, 3> threads;
  for (std::size_t t = 0; t < 3; ++t)
    threads[t] = std::thread{[&, t] {
      while (mine[t] < 2'000)
        if (l.lend()) ++uses, ++mine[t], l.give_back();
        else std::this_thread::yield();
    }};
  for (auto& t : threads) t.join();
  CHECK(uses == 6'000);
}
