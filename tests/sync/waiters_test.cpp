// SPDX-License-Identifier: MIT
#include <millrace/sync/waiters.hpp>

#include <array>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using support::fake_platform;
using event_count = mr::event_count<fake_platform>;
using sleepers = mr::sleepers<fake_platform>;
using waiters = mr::waiters<fake_platform>;

namespace {
/// Three seats: the first worker, the last, and the one that all others share.
struct house {
  std::array<event_count, 3> sleep;
  std::array<std::size_t, 3> bit{0, sleepers::workers - 1, sleepers::others};
  sleepers table;
  explicit house(bool asymmetric) {
    fake_platform::begin();
    fake_platform::now_is.has_asymmetric = asymmetric;
    for (std::size_t i = 0; i < 3; ++i) table.seat(bit[i], sleep[i]);
  }
};
}  // namespace

TEST_CASE("one wake per edge: the first advance wakes, the next ones find nobody") {
  house h{GENERATE(true, false)};
  waiters w;
  for (std::size_t i = 0; i < 3; ++i) {
    auto const before = fake_platform::now_is.woken;
    w.notify(h.table);
    CHECK(fake_platform::now_is.woken == before);
    auto const key = h.sleep[i].prepare();
    w.add(h.bit[i]);
    w.add(h.bit[i]);
    for (int k = 0; k < 3; ++k) w.notify(h.table);
    CHECK(fake_platform::now_is.woken == before + 1);
    h.sleep[i].wait(key);
    CHECK(fake_platform::now_is.waited == 0);
  }
}

TEST_CASE("an advance wakes everybody who waits, and nobody else") {
  house h{GENERATE(true, false)};
  waiters w;
  auto const first = h.sleep[0].prepare();
  auto const second = h.sleep[1].prepare();
  auto const third = h.sleep[2].prepare();
  w.add(h.bit[0]);
  w.add(h.bit[2]);
  w.notify(h.table);
  CHECK(fake_platform::now_is.woken == 2);
  h.sleep[0].wait(first);
  h.sleep[2].wait(third);
  CHECK(fake_platform::now_is.waited == 0);
  fake_platform::now_is.meanwhile = [&] { h.sleep[1].notify(); };
  h.sleep[1].wait(second);
  CHECK(fake_platform::now_is.waited == 1);
}

TEST_CASE("the closed bit is not a sleeper and stays; who closed wakes, not who advances") {
  house h{GENERATE(true, false)};
  waiters w;
  CHECK_FALSE(w.is_closed());
  CHECK_FALSE(w.notify(h.table));
  w.close();
  CHECK(w.is_closed());
  CHECK(w.notify(h.table));
  CHECK(fake_platform::now_is.woken == 0);
  static_cast<void>(h.sleep[2].prepare());
  w.add(h.bit[2]);
  CHECK(w.notify(h.table));
  CHECK(fake_platform::now_is.woken == 0);
  CHECK(w.is_closed());
  h.table.alert_all();
  CHECK(fake_platform::now_is.woken == 1);
  w.close();
  CHECK(w.is_closed());
}

TEST_CASE("a sleeper whose place was never filled, or that woke already, costs no call") {
  house h{GENERATE(true, false)};
  waiters w;
  w.add(17);  // nobody sits there
  w.notify(h.table);
  w.add(h.bit[0]);  // did not prepare: awake
  w.notify(h.table);
  CHECK(fake_platform::now_is.woken == 0);
}

TEST_CASE("waking by a mask leaves out the bits that are no sleepers and wakes every other") {
  fake_platform::begin();
  std::array<event_count, sleepers::workers + 1> all;
  sleepers table;
  for (std::size_t i = 0; i < all.size(); ++i) table.seat(i, all[i]), static_cast<void>(all[i].prepare());
  CHECK(&table[5] == &all[5]);
  table.wake(sleepers::closed | sleepers::by_rmw);
  CHECK(fake_platform::now_is.woken == 0);
  table.wake(~std::uint64_t{0});
  CHECK(fake_platform::now_is.woken == static_cast<long>(all.size()));
}

TEST_CASE("an alert reaches all who sit there, and costs no call for those who are awake") {
  house h{true};
  auto const first = h.sleep[0].prepare();
  auto const last = h.sleep[2].prepare();
  h.table.alert_all();
  CHECK(fake_platform::now_is.woken == 2);
  h.sleep[0].wait(first);
  h.sleep[2].wait(last);
  CHECK(fake_platform::now_is.waited == 0);
}
