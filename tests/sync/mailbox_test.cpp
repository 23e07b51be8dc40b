// SPDX-License-Identifier: MIT
#include <millrace/sync/mailbox.hpp>

#include <thread>

#include "support/catch.hpp"

using box = millrace::boost_mailbox<int>;

TEST_CASE("a mailbox keeps the order, refuses when full, and says when empty") {
  box b;
  int got = -1;
  CHECK(b.empty());
  CHECK_FALSE(b.take(got));
  for (int round = 0; round < 3; ++round) {
    std::size_t in = 0;
    while (b.put(static_cast<int>(in))) ++in;
    CHECK(in == box::most);
    CHECK_FALSE(b.empty());
    for (std::size_t out = 0; out < in; ++out) {
      REQUIRE(b.take(got));
      CHECK(got == static_cast<int>(out));
    }
    CHECK_FALSE(b.take(got));
    CHECK(b.empty());
  }
}

TEST_CASE("a mailbox between two threads loses nothing") {
  box b;
  constexpr int commands = 5'000;
  std::thread writer{[&] {
    for (int i = 0; i < commands;)
      if (b.put(i)) ++i;
      else std::this_thread::yield();
  }};
  int wrong = 0;
  for (int i = 0, got = 0; i < commands;)
    if (b.take(got)) wrong += got == i++ ? 0 : 1;
    else std::this_thread::yield();
  writer.join();
  CHECK(wrong == 0);
}
