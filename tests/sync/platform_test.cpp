// SPDX-License-Identifier: MIT
#include <millrace/sync/platform.hpp>

#include <memory>
#include <thread>

#include <millrace/sync/mailbox.hpp>

#include "support/catch.hpp"

namespace mr = millrace;
using platform = mr::std_platform;

TEST_CASE("the clock only goes forward, and a nap takes as long as it should at least") {
  auto const before = platform::now();
  platform::nap(1'000'000);
  CHECK(platform::now() - before >= 1'000'000);
  auto const ticks = platform::ticks();
  platform::nap(1'000'000);
  CHECK(platform::ticks() > ticks);
}

TEST_CASE("a wait on a word that is another already does not sleep") {
  platform::atomic<std::uint32_t> word{1};
  platform::wait(word, 0);  // would never come back
  platform::wait_for(word, 0, INT64_MAX);
  CHECK(word.load() == 1);
}

TEST_CASE("a wait for a time ends, also a negative one") {
  platform::atomic<std::uint32_t> word{1};
  auto const before = platform::now();
  platform::wait_for(word, 1, -5);
  platform::wait_for(word, 1, 0);
  platform::wait_for(word, 1, 1'000'000);  // may end early, must end
  CHECK(platform::now() >= before);
}

TEST_CASE("everybody who waits on a word is woken") {
  platform::atomic<std::uint32_t> word{0};
  std::thread sleepers[3];
  for (auto& t : sleepers)
    t = std::thread{[&] {
      while (word.load() == 0) platform::wait(word, 0);
    }};
  word.store(1);
  platform::wake_all(word);
  for (auto& t : sleepers) t.join();
  CHECK(word.load() == 1);
}

TEST_CASE("orders are what stands at the site") {
  static_assert(platform::order<mr::site::lane_take>(std::memory_order::acq_rel) == std::memory_order::acq_rel);
  platform::fault<mr::fault_site::claim>();
  platform::relax();
  platform::yield();
  platform::light_barrier();
  platform::heavy_barrier();
  SUCCEED();
}

TEST_CASE("the pointer of the calling thread is its own") {
  int mine = 0, other = 0;
  platform::current() = &mine;
  std::thread{[&] {
    if (platform::current() == nullptr) other = 1;
    platform::current() = &other;
  }}.join();
  CHECK(other == 1);
  CHECK(platform::current() == &mine);
  platform::current() = nullptr;
}

TEST_CASE("a plain cell holds a value, one that only moves too") {
  mr::plain_cell<std::unique_ptr<int>> c{std::make_unique<int>(3)};
  CHECK(*c.read() == 3);
  c.write() = nullptr;
  CHECK(c.read() == nullptr);
  CHECK(mr::plain_cell<int>{}.read() == 0);
}
