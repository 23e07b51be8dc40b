// SPDX-License-Identifier: MIT
#include <millrace/sync/event_count.hpp>

#include <atomic>
#include <thread>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using support::fake_platform;
using event_count = mr::event_count<fake_platform>;

TEST_CASE("a notify after the announcement ends the wait, however early it comes") {
  fake_platform::begin();
  event_count sleep;
  auto const key = sleep.prepare();
  sleep.notify();
  sleep.wait(key);
  CHECK(fake_platform::now_is.waited == 0);
  CHECK(fake_platform::now_is.woken == 1);
}

TEST_CASE("without a sleeper a notify makes no system call, and one wakes all who sleep") {
  fake_platform::begin();
  event_count sleep;
  for (int i = 0; i < 5; ++i) sleep.notify();
  CHECK(fake_platform::now_is.woken == 0);
  auto const one = sleep.prepare();
  auto const two = sleep.prepare();
  CHECK(one == two);
  for (int i = 0; i < 5; ++i) sleep.notify();
  CHECK(fake_platform::now_is.woken == 1);
  sleep.wait(one);
  sleep.wait(two);
  CHECK(fake_platform::now_is.waited == 0);
  CHECK(sleep.prepare() != one);
}

TEST_CASE("a sleeper that wakes for no reason sleeps on") {
  fake_platform::begin();
  event_count sleep;
  auto const key = sleep.prepare();
  int for_no_reason = 3;
  fake_platform::now_is.meanwhile = [&] {
    if (for_no_reason-- == 0) sleep.notify();
  };
  sleep.wait(key);
  CHECK(fake_platform::now_is.waited == 4);
}

TEST_CASE("a notify before the announcement does not count") {
  fake_platform::begin();
  event_count sleep;
  sleep.notify();
  auto const key = sleep.prepare();
  fake_platform::now_is.meanwhile = [&] { sleep.notify(); };
  sleep.wait(key);
  CHECK(fake_platform::now_is.waited == 1);
}

TEST_CASE("an alert wakes like a notify, and costs no system call if nobody sleeps") {
  fake_platform::begin();
  event_count sleep;
  sleep.alert();
  CHECK(fake_platform::now_is.woken == 0);
  auto const key = sleep.prepare();
  sleep.alert();
  CHECK(fake_platform::now_is.woken == 1);
  sleep.wait(key);
  CHECK(fake_platform::now_is.waited == 0);
}

TEST_CASE("epochs go on over the end of the word") {
  for (auto const first : {UINT32_MAX, UINT32_MAX >> 1, (UINT32_MAX >> 1) - 1, 0u}) {
    fake_platform::begin();
    event_count sleep{first};
    auto last = sleep.prepare() - 2;
    for (int epoch = 0; epoch < 6; ++epoch) {
      auto const key = sleep.prepare();
      CHECK(key == last + 2);
      fake_platform::now_is.meanwhile = [&] { sleep.notify(); };
      auto const waited = fake_platform::now_is.waited;
      sleep.wait(key);
      CHECK(fake_platform::now_is.waited == waited + 1);
      CHECK(fake_platform::now_is.woken == epoch + 1);
      last = key;
    }
  }
}

TEST_CASE("a wait with a deadline ends at the deadline, not before, and not at all if it is past") {
  fake_platform::begin();
  event_count sleep;
  auto const start = fake_platform::now();
  SECTION("nobody notifies") {
    sleep.wait_until(sleep.prepare(), start + 700);
    CHECK(fake_platform::now() == start + 700);
    CHECK(fake_platform::now_is.waited == 1);
  }
  SECTION("the deadline is now, or was") {
    sleep.wait_until(sleep.prepare(), start);
    sleep.wait_until(sleep.prepare(), start - 100);
    sleep.wait_until(sleep.prepare(), INT64_MIN + start);
    CHECK(fake_platform::now() == start);
    CHECK(fake_platform::now_is.waited == 0);
  }
  SECTION("it wakes early for no reason: it sleeps for the rest") {
    auto const key = sleep.prepare();
    int early = 2;
    fake_platform::now_is.meanwhile = [&] {
      if (early-- > 0) fake_platform::now_is.time += 100 - fake_platform::now_is.last_wait;
    };
    sleep.wait_until(key, start + 700);
    CHECK(fake_platform::now() == start + 700);
    CHECK(fake_platform::now_is.waited == 3);
    CHECK(fake_platform::now_is.last_wait == 500);
  }
  SECTION("a notify ends it") {
    auto const key = sleep.prepare();
    fake_platform::now_is.meanwhile = [&] { sleep.notify(); };
    sleep.wait_until(key, start + 700);
    CHECK(fake_platform::now() == start);
  }
}

TEST_CASE("a real sleeper is woken, and sees what was written before") {
  mr::event_count<mr::std_platform> sleep{UINT32_MAX >> 1};
  constexpr int rounds = 300;
  int news = 0;  // plain memory
  std::atomic<int> prepared{0};
  std::atomic<int> heard{0};
  int wrong = 0;
  std::thread sleeper{[&] {
    for (int i = 1; i <= rounds; ++i) {
      auto const key = sleep.prepare();
      prepared.store(i, std::memory_order::relaxed);
      sleep.wait(key);
      wrong += news == i ? 0 : 1;
      heard.store(i, std::memory_order::release);
    }
  }};
  for (int i = 1; i <= rounds; ++i) {
    while (prepared.load(std::memory_order::relaxed) != i) std::this_thread::yield();
    news = i;
    sleep.notify();
    while (heard.load(std::memory_order::acquire) != i) std::this_thread::yield();
  }
  sleeper.join();
  CHECK(wrong == 0);
}
