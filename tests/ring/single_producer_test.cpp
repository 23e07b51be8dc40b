// SPDX-License-Identifier: MIT
#include <millrace/ring/single_producer.hpp>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using mr::status;
using support::fake_platform;

namespace {
/// A producer and the stages that gate it.
template <std::size_t Stages = 1>
struct ring {
  std::array<mr::lanes<fake_platform>, Stages> stage;
  mr::single_producer<fake_platform> producer;
  mr::barrier<fake_platform> gate;
  mr::sleepers<fake_platform> table;
  mr::event_count<fake_platform> consumer_sleeps, producer_sleeps;
  mr::patience<fake_platform> look{mr::blocking};

  explicit ring(std::size_t capacity, mr::sequence first = 0) : producer{mr::capacity{capacity}, first} {
    fake_platform::begin();
    for (auto& s : stage) {
      for (std::size_t l = 0; l < s.count(); ++l) s.advance(s.all(), first);
      gate.add(s);
    }
    table.seat(0, consumer_sleeps);
    table.seat(mr::sleepers<fake_platform>::others, producer_sleeps);
  }
  auto try_claim(std::int64_t n) { return producer.try_claim(n, gate); }
  auto claim(std::int64_t n, std::int64_t deadline = mr::for_ever) {
    return producer.claim(n, gate, look, producer_sleeps, deadline);
  }
  auto up_to(std::int64_t n) {
    std::int64_t got = -1;
    auto const s = producer.try_claim_up_to(n, gate, got);
    return std::pair{s, got};
  }
  auto claim_up_to(std::int64_t n, std::int64_t deadline = mr::for_ever) {
    std::int64_t got = -1;
    auto const s = producer.claim_up_to(n, gate, look, producer_sleeps, got, deadline);
    return std::pair{s, got};
  }
  void publish(std::int64_t n) { producer.publish(n, table); }
  void consume(mr::sequence to, std::size_t s = 0) {
    stage[s].advance(1, to);
    stage[s].waiting.notify(table);
  }
};
using result = std::pair<status, std::int64_t>;
}  // namespace

TEST_CASE("a claim is exact: as many as there is room for, and not one more") {
  auto const capacity = GENERATE(std::int64_t{1}, std::int64_t{2}, std::int64_t{8});
  CAPTURE(capacity);
  ring r{static_cast<std::size_t>(capacity)};
  mr::sequence done = 0;
  for (int lap = 0; lap < 5; ++lap)
    for (std::int64_t used = 0; used <= capacity; ++used) {
      // with `used` slots in use, every n from 1 to the capacity
      if (used != 0) {
        REQUIRE(r.try_claim(used) == status::ok);
        r.publish(used);
      }
      for (std::int64_t n = 1; n <= capacity; ++n) {
        REQUIRE(r.try_claim(n) == (n <= capacity - used ? status::ok : status::would_block));
        REQUIRE(r.producer.next() == r.producer.published());
        REQUIRE(r.producer.known_room() <= capacity - used);
        REQUIRE((n > capacity - used || r.producer.known_room() >= n));
        auto const [s, got] = r.up_to(n);
        REQUIRE(s == (used == capacity ? status::would_block : status::ok));
        REQUIRE(got == (n < capacity - used ? n : capacity - used));
      }
      REQUIRE(r.producer.published() == (done += used));
      r.consume(done);
    }
}

TEST_CASE("what can never succeed is refused at once, also by who would wait") {
  ring r{4};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  for (std::int64_t const n : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, std::int64_t{5}, INT64_MAX}) {
    CAPTURE(n);
    CHECK(r.try_claim(n) == status::refused);
    CHECK(r.claim(n) == status::refused);
    CHECK(r.claim(n, fake_platform::now()) == status::refused);
  }
  for (std::int64_t const n : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    CHECK(r.up_to(n) == result{status::refused, 0});
    CHECK(r.claim_up_to(n) == result{status::refused, 0});
  }
  CHECK(fake_platform::now_is.waited == 0);
  CHECK(r.producer.published() == 2);
  CHECK(r.up_to(INT64_MAX) == result{status::ok, 2});
  r.publish(2);
  CHECK(r.try_claim(5) == status::refused);  // full or not
}

TEST_CASE("a claim that is not published is forgotten") {
  ring r{8};
  REQUIRE(r.try_claim(5) == status::ok);
  CHECK(r.producer.published() == 0);
  CHECK(r.producer.next() == 0);
  CHECK(r.try_claim(8) == status::ok);
  CHECK(r.try_claim(8) == status::ok);
  r.publish(8);
  CHECK(r.producer.published() == 8);
}

TEST_CASE("a part of a claim may be published") {
  ring r{8};
  REQUIRE(r.try_claim(8) == status::ok);
  r.publish(3);
  CHECK(r.producer.published() == 3);
  CHECK(r.producer.known_room() == 5);
  REQUIRE(r.try_claim(5) == status::ok);
  r.publish(0);
  CHECK(r.producer.published() == 3);
  CHECK(r.try_claim(6) == status::would_block);
  REQUIRE(r.try_claim(5) == status::ok);
  CHECK(r.producer.publish(5, r.table) == status::ok);
  CHECK(r.producer.published() == 8);
}

TEST_CASE("who keeps the room in a register claims and publishes the same way") {
  ring r{8};
  REQUIRE(r.try_claim(1) == status::ok);
  CHECK(r.producer.publish_to(1, r.table) == status::ok);
  CHECK(r.producer.published() == 1);
  CHECK(r.producer.known_room() == 7);
  REQUIRE(r.producer.open_now() == status::ok);
  CHECK(r.producer.publish_to(8, r.table) == status::ok);
  CHECK(r.producer.known_room() == 0);
  r.consume(8);
  REQUIRE(r.try_claim(1) == status::ok);
  r.producer.close();
  CHECK(r.producer.open_now() == status::closed);
}

TEST_CASE("the slowest of several stages, and of several lanes, gates") {
  ring<3> r{4};
  REQUIRE(r.try_claim(4) == status::ok);
  r.publish(4);
  r.consume(4, 0);
  r.consume(3, 1);
  CHECK(r.try_claim(1) == status::would_block);
  r.consume(2, 2);
  CHECK(r.up_to(4) == result{status::ok, 2});
  r.publish(2);
  r.consume(4, 1);
  CHECK(r.try_claim(1) == status::would_block);

  fake_platform::begin();
  mr::lanes<fake_platform> shared{mr::most_lanes};
  mr::barrier<fake_platform> gate;
  gate.add(shared);
  mr::single_producer<fake_platform> p{mr::capacity{2}};
  REQUIRE(p.try_claim(2, gate) == status::ok);
  p.publish(2, r.table);
  shared.advance(shared.all() & ~mr::lane_mask{1 << 7}, 2);
  CHECK(p.try_claim(1, gate) == status::would_block);
  shared.advance(1 << 7, 1);
  CHECK(p.try_claim(2, gate) == status::would_block);
  CHECK(p.try_claim(1, gate) == status::ok);
}

TEST_CASE("a closed ring takes nothing more, and consumers keep to its end") {
  ring r{4};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  CHECK_FALSE(r.producer.closed());
  CHECK(r.producer.end() == mr::sequence_limit);
  CHECK(r.producer.readable() == 2);
  REQUIRE(r.try_claim(1) == status::ok);
  r.producer.close();
  CHECK(r.producer.closed());
  CHECK(r.producer.end() == 2);
  CHECK(r.producer.publish(1, r.table) == status::closed);  // the claim under way came too late
  CHECK(r.producer.readable() == 2);
  CHECK(r.producer.end() == 2);
  r.producer.close();
  CHECK(r.producer.end() == 2);  // once and for all

  CHECK(r.try_claim(1) == status::closed);
  CHECK(r.claim(1) == status::closed);
  CHECK(r.up_to(1) == result{status::closed, 0});
  CHECK(r.claim_up_to(1) == result{status::closed, 0});
  CHECK(fake_platform::now_is.waited == 0);
}

TEST_CASE("a full ring that is closed says closed, so that nobody tries for ever") {
  ring r{2};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  r.producer.close();
  CHECK(r.try_claim(1) == status::closed);
  CHECK(r.claim(1) == status::closed);
  CHECK(r.up_to(1) == result{status::closed, 0});
  CHECK(r.up_to(9) == result{status::closed, 0});
  CHECK(r.claim_up_to(9) == result{status::closed, 0});
  CHECK(fake_platform::now_is.waited == 0);
  CHECK(r.producer.published() == 2);
}

TEST_CASE("at the end of the range claims are refused, not wrapped, and all before it are given") {
  auto const capacity = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{16}, std::size_t{1} << 40);
  CAPTURE(capacity);
  constexpr std::int64_t left = 10;
  ring r{capacity, mr::sequence_limit - left};
  std::int64_t given = 0;
  auto const by = GENERATE(std::int64_t{1}, std::int64_t{3}, std::int64_t{10});
  for (int tries = 0; given != left && tries < 100; ++tries) {
    auto const [s, got] = r.up_to(by);
    REQUIRE(s == status::ok);
    REQUIRE(got >= 1);
    REQUIRE(got <= by);
    r.publish(got);
    given += got;
    r.consume(r.producer.published());
  }
  CHECK(given == left);
  CHECK(r.producer.published() == mr::sequence_limit);
  CHECK(r.try_claim(1) == status::refused);
  CHECK(r.claim(1) == status::refused);
  CHECK(r.up_to(1) == result{status::refused, 0});
  CHECK(r.claim_up_to(5) == result{status::refused, 0});
}

TEST_CASE("near the end of the range a claim of n is given whole or refused, and up to n gives what there is") {
  ring r{8, mr::sequence_limit - 3};
  CHECK(r.try_claim(4) == status::refused);
  CHECK(r.claim(4) == status::refused);
  CHECK(r.up_to(8) == result{status::ok, 3});
  CHECK(r.claim_up_to(INT64_MAX) == result{status::ok, 3});
  r.publish(3);
  CHECK(r.up_to(1) == result{status::refused, 0});
}

TEST_CASE("near the end of the range a full ring is waited for, not refused") {
  ring r{2, mr::sequence_limit - 3};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  CHECK(r.up_to(2) == result{status::would_block, 0});
  fake_platform::now_is.meanwhile = [&] { r.consume(mr::sequence_limit - 2); };
  CHECK(r.claim_up_to(2) == result{status::ok, 1});
  CHECK(fake_platform::now_is.waited == 1);
}

TEST_CASE("who waits for room sleeps until it is there, and is woken by the stage that makes it") {
  ring<2> r{2};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  int step = 0;
  fake_platform::now_is.meanwhile = [&] {
    ++step;
    if (step == 1) r.consume(1, 0);
    else if (step == 2) r.consume(1, 1);
    else if (step == 3) r.consume(2, 1);
    else r.consume(2, 0);
  };
  SECTION("for one") {
    CHECK(r.claim(1) == status::ok);
    CHECK(step == 2);
  }
  SECTION("for two") {
    CHECK(r.claim(2) == status::ok);
    CHECK(step == 4);
  }
  SECTION("for up to two: one is enough") {
    CHECK(r.claim_up_to(2) == result{status::ok, 1});
    CHECK(step == 2);
  }
}

TEST_CASE("who waits for room for a time gets it in time, or nothing and the ring is as before") {
  ring r{2};
  REQUIRE(r.try_claim(2) == status::ok);
  r.publish(2);
  auto const deadline = fake_platform::now() + 5'000;
  SECTION("not in time") {
    CHECK(r.claim(1, deadline) == status::would_block);
    CHECK(fake_platform::now() >= deadline);
    CHECK(r.claim_up_to(1, fake_platform::now() - 1) == result{status::would_block, 0});
    CHECK(r.producer.published() == 2);
    r.consume(1);
    CHECK(r.claim(1, deadline) == status::ok);  // there is room: the deadline does not matter
  }
  SECTION("in time") {
    fake_platform::now_is.meanwhile = [&] { r.consume(1); };
    CHECK(r.claim(1, deadline) == status::ok);
    CHECK(fake_platform::now() < deadline);
  }
}

TEST_CASE("closing wakes who waits for room, once the sleepers are told") {
  ring r{1};
  REQUIRE(r.try_claim(1) == status::ok);
  r.publish(1);
  fake_platform::now_is.meanwhile = [&] {
    r.producer.close();
    r.producer_sleeps.notify();
  };
  SECTION("claim") { CHECK(r.claim(1) == status::closed); }
  SECTION("claim up to") { CHECK(r.claim_up_to(1) == result{status::closed, 0}); }
}

TEST_CASE("the known room is what may be written without asking") {
  ring r{4};
  CHECK(r.producer.known_room() == 0);
  REQUIRE(r.try_claim(1) == status::ok);
  CHECK(r.producer.known_room() == 4);
  r.publish(1);
  CHECK(r.producer.known_room() == 3);
  r.consume(1);
  CHECK(r.producer.known_room() == 3);  // not asked yet
  REQUIRE(r.try_claim(4) == status::ok);
  CHECK(r.producer.known_room() == 4);
}

TEST_CASE("publishing wakes a consumer that sleeps, once") {
  ring r{4};
  static_cast<void>(r.consumer_sleeps.prepare());
  r.producer.waiting().add(0);
  REQUIRE(r.try_claim(2) == status::ok);
  CHECK(fake_platform::now_is.woken == 0);
  r.publish(1);
  CHECK(fake_platform::now_is.woken == 1);
  REQUIRE(r.try_claim(1) == status::ok);
  r.publish(1);
  CHECK(fake_platform::now_is.woken == 1);
}

TEST_CASE("consumers, sleepers and the producer write to different lines") {
  static_assert(alignof(mr::single_producer<>) == mr::cache_line_size);
  static_assert(sizeof(mr::single_producer<>) == 3 * mr::cache_line_size);
  SUCCEED();
}

// ---- real threads

namespace {
template <typename P>
struct real_ring {
  mr::lanes<P> stage[2];
  mr::single_producer<P> producer;
  mr::barrier<P> gate;
  mr::sleepers<P> table;
  mr::event_count<P> sleeps[3];  // two consumers, the producer
  std::vector<mr::sequence> slots;

  explicit real_ring(std::size_t capacity) : producer{mr::capacity{capacity}}, slots(capacity) {
    for (auto& s : stage) gate.add(s);
    for (std::size_t i = 0; i < 2; ++i) table.seat(i, sleeps[i]);
    table.seat(mr::sleepers<P>::others, sleeps[2]);
  }
  auto slot(mr::sequence s) -> mr::sequence& { return slots[producer.size().slot_of(s)]; }
  /// Reads `events` events in batches, and says how many were not what they should be.
  auto consume(std::size_t me, mr::sequence events, mr::wait_policy policy) -> long {
    mr::patience<P> look{policy};
    long wrong = 0;
    for (mr::sequence q = 0; q != events;) {
      auto to = q;
      mr::wait_until<P>(
          look, sleeps[me], mr::for_ever, [&] { return (to = producer.published()) != q; }, [&] { producer.waiting().add(me); });
      for (; q != to; ++q) wrong += slot(q) == q ? 0 : 1;
      stage[me].advance(1, q);
      stage[me].waiting.notify(table);
    }
    return wrong;
  }
};
/// The same machine, as if it had no asymmetric barrier.
struct symmetric_platform : mr::std_platform {
  static auto asymmetric() noexcept -> bool { return false; }
  static void light_barrier() noexcept {}
  static void heavy_barrier() noexcept {}
};
}  // namespace

TEMPLATE_TEST_CASE("each event is seen once and in order by every stage, whoever sleeps when", "", mr::std_platform,
                   symmetric_platform) {
  constexpr mr::sequence events = 3'000;
  auto const capacity = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{64});
  std::array<mr::wait_policy, 3> const policies{mr::blocking, mr::sleeping, {}};
  auto const policy = policies[GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2})];
  real_ring<TestType> r{capacity};
  std::array<long, 2> wrong{-1, -1};
  std::array<std::thread, 2> consumers;
  for (std::size_t c = 0; c < 2; ++c) consumers[c] = std::thread{[&, c] { wrong[c] = r.consume(c, events, policy); }};
  mr::patience<TestType> look{policy};
  long refused = 0;
  std::int64_t n = 1;
  for (mr::sequence q = 0; q != events;) {
    auto const wanted = n < events - q ? n : events - q;
    std::int64_t got = wanted;
    auto const s = q % 3 == 0 ? r.producer.claim_up_to(wanted, r.gate, look, r.sleeps[2], got)
                              : r.producer.claim(wanted, r.gate, look, r.sleeps[2]);
    if (s != status::ok) {
      ++refused;
      break;
    }
    for (std::int64_t i = 0; i < got; ++i) r.slot(q + i) = q + i;
    if (q % 7 == 0 && got > 1) got /= 2;  // the rest is given back
    r.producer.publish(got, r.table);
    q += got;
    n = n % static_cast<std::int64_t>(capacity) + 1;
  }
  CHECK(refused == 0);
  for (auto& c : consumers) c.join();
  CHECK(wrong[0] == 0);
  CHECK(wrong[1] == 0);
  CHECK(r.producer.published() == events);
}

TEMPLATE_TEST_CASE("who closes a ring knows the last event, whatever the producer is doing", "", mr::std_platform,
                   symmetric_platform) {
  for (int round = 0; round < 60; ++round) {
    real_ring<TestType> r{8};
    std::atomic<mr::sequence> last{-1};
    std::atomic<bool> started{false};
    std::thread producer{[&] {
      mr::patience<TestType> look{mr::blocking};
      mr::sequence q = 0;
      for (;; ++q) {
        auto const s = r.producer.claim(1, r.gate, look, r.sleeps[2]);
        if (s != status::ok) break;
        r.slot(q) = q;
        if (r.producer.publish(1, r.table) != status::ok) break;
        started.store(true, std::memory_order::relaxed);
      }
      last.store(q, std::memory_order::relaxed);
    }};
    std::thread consumer;
    if (round % 2 == 0)  // in the other rounds the ring stays full, and the producer sleeps when it is closed
      consumer = std::thread{[&] {
        for (mr::sequence q = 0; last.load(std::memory_order::relaxed) < 0; std::this_thread::yield()) {
          q = r.producer.readable();
          for (std::size_t s = 0; s < 2; ++s) r.stage[s].advance(1, q), r.stage[s].waiting.notify(r.table);
        }
      }};
    while (!started.load(std::memory_order::relaxed)) std::this_thread::yield();
    r.producer.close();
    r.sleeps[2].alert();
    auto const end = r.producer.end();
    producer.join();
    if (consumer.joinable()) consumer.join();
    REQUIRE(last.load() == end);  // what was answered with ok, exactly
    REQUIRE(r.producer.readable() == end);
    REQUIRE(r.stage[0].reached() <= end);
  }
}
