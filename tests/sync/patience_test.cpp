// SPDX-License-Identifier: MIT
#include <millrace/sync/patience.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/fake_platform.hpp"

namespace mr = millrace;
using namespace std::chrono_literals;
using support::fake_platform;
using patience = mr::patience<fake_platform>;
using event_count = mr::event_count<fake_platform>;

namespace {
auto& seen = fake_platform::now_is;

/// Looks until it is time to rest, and says how long it looked after the pauses.
auto looked_for(patience& p) -> std::int64_t {
  auto const yielded = seen.yielded;
  while (!p.exhausted())
    if (seen.yielded - yielded > 100'000) FAIL("never rests");
  return (seen.yielded - yielded) * fake_platform::yield_takes;
}
void rest_for(patience& p, std::int64_t nanoseconds, bool woken = true) {
  p.before_rest();
  seen.time += nanoseconds;
  p.after_rest(woken);
}
}  // namespace

TEST_CASE("patience has three phases: pauses, yields, rest") {
  fake_platform::begin();
  patience p{{.spins = 3, .yields = 10us, .then = mr::rest::park, .adapts = false}};
  for (long i = 1; i <= 3; ++i) {
    CHECK_FALSE(p.exhausted());
    CHECK(seen.relaxed == 2 * i);
    CHECK(p.looks() == static_cast<std::uint32_t>(i));
  }
  CHECK(looked_for(p) == 10'000);
  CHECK(seen.relaxed == 6);
  CHECK(seen.yielded == 10);
  CHECK(p.exhausted());  // still
}

TEST_CASE("something to do begins a new spell, and so does a rest") {
  fake_platform::begin();
  patience p{{.spins = 2, .yields = 5us, .then = mr::rest::park, .adapts = false}};
  static_cast<void>(looked_for(p));
  SECTION("busy") { p.busy(); }
  SECTION("rest") { rest_for(p, 100); }
  CHECK(p.looks() == 0);
  seen.relaxed = seen.yielded = 0;
  CHECK(looked_for(p) == 5'000);
  CHECK(seen.relaxed == 4);
}

TEST_CASE("who never rests goes on looking") {
  for (auto const& policy : {mr::busy_spin, mr::yielding}) {
    fake_platform::begin();
    patience p{policy};
    for (int i = 0; i < 10'000; ++i) REQUIRE_FALSE(p.exhausted());
    if (policy.spins == UINT32_MAX) CHECK((seen.relaxed == 20'000 && seen.yielded == 0));
    else CHECK((seen.relaxed == 200 && seen.yielded == 9'899));
  }
}

TEST_CASE("blocking rests after one pause") {
  fake_platform::begin();
  patience p{mr::blocking};
  CHECK_FALSE(p.exhausted());
  CHECK(p.exhausted());
  CHECK(seen.relaxed == 2);
  CHECK(seen.yielded == 0);
}

TEST_CASE("no pauses and no yields: rest at once") {
  fake_platform::begin();
  patience p{{.spins = 0, .yields = 0ns, .adapts = false}};
  CHECK(p.exhausted());
  CHECK(seen.relaxed == 0);
  CHECK(seen.yielded == 0);
}

TEST_CASE("a sleep that was over at once makes it look longer, one that lasted shorter") {
  fake_platform::begin();
  patience p;
  CHECK(looked_for(p) == 40'000);
  for (std::int64_t const next : {80'000, 160'000, 200'000, 200'000}) {
    rest_for(p, 199'999);
    CHECK(looked_for(p) == next);
  }
  rest_for(p, 1'000'000);  // neither short nor long
  CHECK(looked_for(p) == 200'000);
  for (std::int64_t const next : {100'000, 50'000, 25'000, 13'000, 7'000, 4'000, 4'000}) {  // rounded up to whole yields
    rest_for(p, 2'000'001);
    CHECK(looked_for(p) == next);
  }
}

TEST_CASE("a sleep whose time was up was not too short, but may have been long") {
  fake_platform::begin();
  patience p;
  rest_for(p, 10, false);
  CHECK(looked_for(p) == 40'000);
  rest_for(p, 2'000'001, false);
  CHECK(looked_for(p) == 20'000);
}

TEST_CASE("a sleep that was interrupted because time was up goes on") {
  fake_platform::begin();
  patience p;
  rest_for(p, 150'000, false);
  CHECK(looked_for(p) == 40'000);
  SECTION("unless there was something to do") {
    p.busy();
    rest_for(p, 150'000);
    CHECK(looked_for(p) == 80'000);
  }
  SECTION("and was not too short") {
    rest_for(p, 150'000);
    CHECK(looked_for(p) == 40'000);
    rest_for(p, 150'000);  // this one was
    CHECK(looked_for(p) == 80'000);
  }
}

TEST_CASE("who looks again by himself, and finds nothing each time, does not look longer for it") {
  fake_platform::begin();
  patience p{{.spins = 0, .yields = 4us, .at_most = 30us}};
  event_count sleep;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return seen.waited == 10; }, [] {}));
  CHECK(seen.yielded == 10 * 4);
}

TEST_CASE("a policy that does not adapt stays, however long it sleeps") {
  fake_platform::begin();
  patience p{mr::phased(1, 30us)};
  for (std::int64_t const slept : {10, 10, 5'000'000, 5'000'000}) {
    CHECK(looked_for(p) == 30'000);
    rest_for(p, slept);
  }
}

TEST_CASE("adapting never shortens after a short sleep nor lengthens after a long one, wherever it begins") {
  fake_platform::begin();
  SECTION("from nothing") {
    patience shorter{{.spins = 0, .yields = 0ns}};
    rest_for(shorter, 5'000'000);
    CHECK(looked_for(shorter) == 0);
    patience longer{{.spins = 0, .yields = 0ns}};
    rest_for(longer, 10);
    CHECK(looked_for(longer) == 4'000);
    rest_for(longer, 10);
    CHECK(looked_for(longer) == 8'000);
  }
  SECTION("from more than the most") {
    patience p{{.spins = 0, .yields = 1ms}};
    rest_for(p, 10);
    CHECK(looked_for(p) == 1'000'000);
    rest_for(p, 5'000'000);
    CHECK(looked_for(p) == 500'000);
  }
  SECTION("from for ever") {
    patience p{{.spins = 0, .yields = std::chrono::nanoseconds::max()}};
    rest_for(p, 10);
    for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(p.exhausted());
  }
}

TEST_CASE("a core that others want too is left at once for some spells, then yielded again") {
  fake_platform::begin();
  patience p;
  seen.others_run = 3'000'000;
  CHECK(looked_for(p) == fake_platform::yield_takes);  // one yield, which took a time slice
  int at_once = 0;
  for (; rest_for(p, 1'000'000), looked_for(p) == 0; ++at_once)
    if (at_once > 10'000) FAIL("never yields again");
  CHECK(at_once > 100);
  SECTION("still crowded") {
    rest_for(p, 1'000'000);
    CHECK(looked_for(p) == 0);
  }
  SECTION("no more") {
    seen.others_run = 0;
    for (int i = 0; i <= at_once; ++i) rest_for(p, 1'000'000), static_cast<void>(looked_for(p));
    rest_for(p, 1'000'000);
    CHECK(looked_for(p) == 40'000);
  }
}

TEST_CASE("who waits as he was told yields a crowded core too") {
  fake_platform::begin();
  seen.others_run = 3'000'000;
  patience p{mr::phased(1, 10ms)};
  for (int i = 0; i < 3; ++i) {
    CHECK(looked_for(p) == 4 * fake_platform::yield_takes);
    rest_for(p, 10);
  }
  patience never{mr::yielding};
  for (int i = 0; i < 1'000; ++i) REQUIRE_FALSE(never.exhausted());
  CHECK(seen.yielded > 800);
}

// ---- wait_until

TEST_CASE("who is ready does not wait") {
  fake_platform::begin();
  patience p{mr::blocking};
  event_count sleep;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, 0, [] { return true; }, [] { FAIL("announced"); }));
  CHECK(seen.relaxed + seen.yielded + seen.waited + seen.heavy == 0);
}

TEST_CASE("a deadline that is past is one look") {
  fake_platform::begin();
  patience p;
  event_count sleep;
  int looks = 0;
  CHECK_FALSE(mr::wait_until<fake_platform>(
      p, sleep, seen.time, [&] { return ++looks, false; }, [] { FAIL("announced"); }));
  CHECK(looks == 1);
}

TEST_CASE("a sleeper announces itself, passes the barrier, looks again, and then sleeps") {
  fake_platform::begin();
  patience p{mr::blocking};
  event_count sleep;
  bool ready = false;
  seen.meanwhile = [&] { ready = true, sleep.notify(); };
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return seen.order += 'l', ready; }, [&] { seen.order += 'a'; }));
  CHECK(seen.order == "llahlwl");
}

TEST_CASE("what becomes ready between the announcement and the sleep is not slept over") {
  fake_platform::begin();
  patience p{mr::blocking};
  event_count sleep;
  bool ready = false;
  SECTION("seen by the second look") {
    CHECK(mr::wait_until<fake_platform>(
        p, sleep, mr::for_ever, [&] { return ready; }, [&] { ready = true; }));
    CHECK(seen.waited == 0);
  }
  SECTION("notified after the second look: the wait is over before it begins") {
    int looks = 0;
    CHECK(mr::wait_until<fake_platform>(
        p, sleep, mr::for_ever,
        [&] {
          if (++looks == 3) return sleep.notify(), ready = true, false;  // the look behind the barrier
          return ready;
        },
        [] {}));
    CHECK(seen.waited == 0);
    CHECK(looks == 4);
  }
}

TEST_CASE("a wait ends at its deadline, whatever the policy: never before, and no more than one look later") {
  for (auto const& policy :
       {mr::wait_policy{}, mr::busy_spin, mr::yielding, mr::sleeping, mr::blocking, mr::blocking_for(30us), mr::phased(4, 3us)}) {
    for (std::int64_t const span : {1, 777, 123'456}) {
      fake_platform::begin();
      patience p{policy};
      event_count sleep;
      auto const deadline = seen.time + span;
      CHECK_FALSE(mr::wait_until<fake_platform>(
          p, sleep, deadline, [] { return false; }, [] {}));
      CAPTURE(span, static_cast<int>(policy.then));
      CHECK(seen.time >= deadline);
      CHECK(seen.time - deadline < fake_platform::yield_takes);
    }
  }
}

TEST_CASE("a nap is no longer than what is left until the deadline") {
  fake_platform::begin();
  patience p{{.spins = 0, .yields = 0ns, .then = mr::rest::nap, .nap = 50us, .adapts = false}};
  event_count sleep;
  auto const deadline = seen.time + 120'000;
  CHECK_FALSE(mr::wait_until<fake_platform>(
      p, sleep, deadline, [] { return false; }, [] {}));
  CHECK(seen.napped == 3);
  CHECK(seen.last_nap == 20'000);
  CHECK(seen.time == deadline);
}

TEST_CASE("naps go on until it is ready, and never announce") {
  fake_platform::begin();
  patience p{mr::sleeping};
  event_count sleep;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return seen.napped == 5; }, [] { FAIL("announced"); }));
  CHECK(seen.waited + seen.heavy == 0);
}

TEST_CASE("a policy that looks again does so though nobody wakes it, and each time announces anew") {
  fake_platform::begin();
  patience p{mr::blocking_for(30us)};
  event_count sleep;
  int announced = 0;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return seen.waited == 4; }, [&] { ++announced; }));
  CHECK(announced == 4);
  CHECK(seen.heavy == 4);
  CHECK(seen.last_wait == 30'000);
}

TEST_CASE("looking again after the longest of times is no deadline") {
  fake_platform::begin();
  patience p{mr::blocking_for(std::chrono::nanoseconds::max())};
  event_count sleep;
  bool ready = false;
  seen.meanwhile = [&] { ready = true, sleep.notify(); };
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return ready; }, [] {}));
  CHECK(seen.waited == 1);
}

TEST_CASE("who waits again is patient again") {
  fake_platform::begin();
  patience p{mr::phased(5, 1us)};
  event_count sleep;
  int looks = 0;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return ++looks == 4; }, [] {}));
  looks = 0;
  seen.relaxed = 0;
  CHECK(mr::wait_until<fake_platform>(
      p, sleep, mr::for_ever, [&] { return ++looks == 6; }, [] {}));
  CHECK(seen.relaxed == 10);
  CHECK(seen.yielded == 0);
}
