// SPDX-License-Identifier: MIT
#include <millrace/ring/multi_producer.hpp>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using mr::sequence;
using mr::status;
using support::fake_platform;

namespace {

template <typename Platform>
struct ring {
  mr::lanes<Platform> stage;
  mr::multi_producer<Platform> producers;
  mr::barrier<Platform> gate;
  mr::sleepers<Platform> table;
  mr::event_count<Platform> consumer_sleeps, producers_sleep;
  mr::patience<Platform> look{mr::blocking};

  explicit ring(std::size_t capacity, sequence first = 0) : stage{1, first}, producers{mr::capacity{capacity}, first} {
    gate.add(stage);
    table.seat(0, consumer_sleeps);
    table.seat(mr::sleepers<Platform>::others, producers_sleep);
  }
  /// The first sequence of the claim; -1 if it got none.
  auto claim(std::int64_t n) -> sequence {
    sequence first = -1;
    what = producers.try_claim(n, gate, first);
    return what == status::ok ? first : -1;
  }
  auto up_to(std::int64_t n) -> std::int64_t {
    std::int64_t got = -1;
    what = producers.try_claim_up_to(n, gate, at, got);
    return got;
  }
  auto publish(sequence first, std::int64_t n = 1) { return producers.publish(first, n, table); }
  void abandon(sequence first, std::int64_t n = 1) { producers.abandon(first, n, table); }
  void consume(sequence to) {
    stage.advance(1, to);
    stage.waiting.notify(table);
  }
  auto dead(sequence s) -> bool { return producers.dead()[producers.size().slot_of(s)] != 0; }

  status what{};
  sequence at = -1;
};
using fake_ring = ring<fake_platform>;

}  // namespace

TEST_CASE("many: a claim is exact, as many as there is room for, and not one more") {
  auto const capacity = GENERATE(std::int64_t{1}, std::int64_t{2}, std::int64_t{8});
  auto const first = GENERATE(sequence{0}, sequence{1}, sequence{1} << 40);
  CAPTURE(capacity, first);
  fake_platform::begin();
  fake_ring r{static_cast<std::size_t>(capacity), first};
  auto done = first;
  for (int lap = 0; lap < 5; ++lap)
    for (std::int64_t used = 0; used <= capacity; ++used) {
      if (used != 0) {
        REQUIRE(r.claim(used) == done);
        REQUIRE(r.publish(done, used) == status::ok);
        done += used;
      }
      REQUIRE(r.claim(capacity - used + 1) == -1);
      REQUIRE(r.what == (used == 0 ? status::refused : status::would_block));
      REQUIRE(r.producers.readable(r.stage.reached()) == done);
      REQUIRE(r.producers.entered() == done);
      r.consume(done);
    }
  CHECK(r.claim(0) == -1);
  CHECK(r.what == status::refused);
  CHECK(r.claim(-1) == -1);
  CHECK(r.claim(INT64_MAX) == -1);
  CHECK(r.what == status::refused);
}

TEST_CASE("many: up to takes what there is") {
  fake_platform::begin();
  fake_ring r{8};
  CHECK(r.up_to(0) == 0);
  CHECK(r.what == status::refused);
  CHECK(r.up_to(3) == 3);
  CHECK(r.at == 0);
  CHECK(r.up_to(100) == 5);
  CHECK(r.at == 3);
  CHECK(r.up_to(1) == 0);
  CHECK(r.what == status::would_block);
  r.publish(0, 3);
  r.consume(3);
  CHECK(r.up_to(INT64_MAX) == 3);
  CHECK(r.at == 8);
}

TEST_CASE("many: events become readable in the order of the claims, whoever is done first") {
  fake_platform::begin();
  fake_ring r{8};
  auto const a = r.claim(2), b = r.claim(1), c = r.claim(3);
  CHECK(r.publish(c, 3) == status::ok);
  CHECK(r.producers.readable(0) == 0);
  CHECK(r.producers.entered() == 6);  // a flush has to wait for these
  CHECK(r.publish(a, 2) == status::ok);
  CHECK(r.producers.readable(0) == 2);
  CHECK(r.publish(b) == status::ok);
  CHECK(r.producers.readable(0) == 6);
  CHECK(r.producers.readable(4) == 6);
  static_cast<void>(r.claim(1));
  CHECK(r.producers.entered() == 6);  // but not for this
}

TEST_CASE("many: a claim that is given up is a tombstone, and its slot lives again") {
  auto const capacity = GENERATE(std::size_t{1}, std::size_t{4});
  fake_platform::begin();
  fake_ring r{capacity};
  std::int64_t given_up = 0;
  for (sequence s = 0; s < 20; ++s) {
    REQUIRE(r.claim(1) == s);
    if (s % 3 == 0) r.abandon(s), ++given_up;
    else REQUIRE(r.publish(s) == status::ok);
    REQUIRE(r.producers.readable(s) == s + 1);
    REQUIRE(r.dead(s) == (s % 3 == 0));
    r.consume(s + 1);
  }
  CHECK(r.producers.tombstones() == given_up);
}

TEST_CASE("many: a closed ring takes nothing, and nobody waits for a claim that never comes") {
  fake_platform::begin();
  fake_ring r{8};
  auto const before = r.claim(1), never = r.claim(2), after = r.claim(2), late = r.claim(1), given_up = r.claim(1);
  CHECK(r.publish(before) == status::ok);
  CHECK(r.publish(after, 2) == status::ok);
  r.abandon(given_up);
  r.producers.close();
  r.producers.close();
  CHECK(r.producers.closed());
  CHECK(r.producers.end() == 7);
  CHECK(r.producers.entered() == 7);
  CHECK(r.producers.readable(0) == 7);
  CHECK(r.claim(1) == -1);
  CHECK(r.what == status::closed);
  CHECK(r.up_to(1) == 0);
  CHECK(r.what == status::closed);
  CHECK(r.publish(late) == status::closed);
  CHECK(r.producers.tombstones() == 4);
  r.abandon(never, 2);
  CHECK(r.producers.tombstones() == 4);  // counted already
  std::vector<bool> dead;
  for (sequence s = 0; s < 7; ++s) dead.push_back(r.dead(s));
  CHECK(dead == std::vector<bool>{false, true, true, false, false, true, true});
}

TEST_CASE("many: a publish that was in time learns so, though its slot is in another lap by now") {
  fake_platform::begin();
  fake_ring r{2};
  auto const a = r.claim(1);
  // What publish() does, taken apart: the mark is set, the ring goes on for a lap, and is closed before the look at the bit.
  REQUIRE(r.publish(a) == status::ok);
  for (sequence s = 1; s < 4; ++s) {
    r.consume(s);
    REQUIRE(r.claim(1) == s);
    if (s == 2) r.abandon(s);
    else REQUIRE(r.publish(s) == status::ok);
  }
  r.producers.close();
  CHECK(r.producers.tombstones() == 1);
  CHECK(r.producers.readable(3) == 4);
}

TEST_CASE("many: the range of sequences ends with a refusal") {
  fake_platform::begin();
  fake_ring r{4, mr::sequence_limit - 5};
  CHECK(r.claim(4) == mr::sequence_limit - 5);
  r.publish(mr::sequence_limit - 5, 4);
  r.consume(mr::sequence_limit - 1);
  CHECK(r.claim(2) == -1);
  CHECK(r.what == status::refused);
  CHECK(r.up_to(2) == 1);
  CHECK(r.at == mr::sequence_limit - 1);
  r.publish(r.at);
  CHECK(r.producers.readable(r.at) == mr::sequence_limit);
  r.consume(mr::sequence_limit);
  CHECK(r.claim(1) == -1);
  CHECK(r.what == status::refused);
  CHECK(r.up_to(1) == 0);
  CHECK(r.what == status::refused);
  r.producers.close();
  CHECK(r.producers.end() == mr::sequence_limit);
}

TEST_CASE("many: a waiting claim sleeps until there is room, no longer than it may, and ends when the ring is closed") {
  fake_platform::begin();
  fake_ring r{1};
  r.publish(r.claim(1));
  sequence first = -1;
  auto const until = fake_platform::now() + 5'000;
  CHECK(r.producers.claim(1, r.gate, r.look, r.producers_sleep, first, until) == status::would_block);
  CHECK(fake_platform::now() >= until);
  support::fake_machine& m = fake_platform::now_is;
  m.meanwhile = [&] { r.consume(1); };
  CHECK(r.producers.claim(1, r.gate, r.look, r.producers_sleep, first) == status::ok);
  CHECK(first == 1);
  r.publish(first);
  std::int64_t got = 0;
  m.meanwhile = [&] { r.consume(2); };
  CHECK(r.producers.claim_up_to(5, r.gate, r.look, r.producers_sleep, first, got) == status::ok);
  CHECK(got == 1);
  m.meanwhile = [&] { r.producers.close(), r.table.alert_all(); };
  CHECK(r.producers.claim(1, r.gate, r.look, r.producers_sleep, first) == status::closed);
  m.meanwhile = nullptr;
}

TEST_CASE("many: real threads, one order for all of them") {
  auto const threads = GENERATE(1, 2, 4);
  auto const capacity = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{64});
  constexpr std::int64_t each = 4'000;
  CAPTURE(threads, capacity);
  struct entry {
    int who;
    std::int64_t nth;
  };
  ring<mr::std_platform> r{capacity};
  std::vector<entry> slots(capacity);
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      mr::patience<mr::std_platform> look{{.spins = 10, .yields = std::chrono::nanoseconds{1'000}}};
      for (std::int64_t i = 0; i < each;) {
        sequence at = 0;
        std::int64_t got = 0;
        auto const n = i % 3 == 0 && each - i > 2 ? 2 : 1;
        if (r.producers.claim_up_to(n, r.gate, look, r.producers_sleep, at, got) != status::ok) return;
        for (auto k = at; k < at + got; ++k) slots[r.producers.size().slot_of(k)] = {t, i + (k - at)};
        if (i % 7 == 0) {
          r.producers.abandon(at, got, r.table);
        } else {
          static_cast<void>(r.producers.publish(at, got, r.table));
        }
        i += got;
      }
    });
  std::vector<std::int64_t> next(static_cast<std::size_t>(threads));
  std::int64_t seen = 0, dead = 0;
  bool in_order = true;
  for (sequence at = 0; at < each * threads;) {
    auto const to = r.producers.readable(at);
    for (; at < to; ++at) {
      if (r.dead(at)) {
        ++dead;
        continue;
      }
      auto const& e = slots[r.producers.size().slot_of(at)];
      auto& n = next[static_cast<std::size_t>(e.who)];
      in_order = in_order && e.nth >= n;
      n = e.nth + 1;
      ++seen;
    }
    r.consume(at);
    if (to == at) std::this_thread::yield();
  }
  for (auto& t : all) t.join();
  CHECK(in_order);
  CHECK(seen + dead == each * threads);
  CHECK(r.producers.tombstones() == dead);
}
