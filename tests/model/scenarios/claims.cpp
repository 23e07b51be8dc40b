// SPDX-License-Identifier: MIT
// All ways to claim, on a virtual clock: exact, up to, for a time, never waiting, given up.
#include "model/scenarios/kit.hpp"

namespace millrace::model {

namespace {

constexpr wait_policy ways[] = {
    parks,
    {.spins = 0, .yields = std::chrono::nanoseconds{0}, .then = rest::nap, .nap = std::chrono::nanoseconds{300}, .adapts = false},
    {.spins = 1, .yields = std::chrono::nanoseconds{50}, .then = rest::never, .adapts = false},
};

// The consumer leaves a slot some time: a claim gets it, or its time is up.
void timed_claims() {
  small_ring r{1};
  r.gate.add(r.stages[0]);
  auto const& way = ways[one_of(3)];
  bool got_second = false;
  P::thread producer{[&] {
    this_is("producer");
    patience<P> look{way};
    auto const first = P::now() + 1'000;
    check(r.events.claim(1, r.gate, look, r.producer_sleep, first) == status::ok, "there is room at once");
    r.slot(0).write() = value_of(0);
    r.events.publish(1, r.table);
    auto const until = P::now() + 2'000;
    auto const s = r.events.claim(1, r.gate, look, r.producer_sleep, until);
    if (s == status::ok) {
      r.slot(1).write() = value_of(1);
      r.events.publish(1, r.table);
      got_second = true;
    } else {
      check(s == status::would_block, "open, and not refused");
      check(P::now() >= until, "it waited for as long as it may");
    }
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    while (r.events.published() == 0) P::yield();
    P::nap(one_of(2) == 0 ? 200 : 100'000);
    check(r.slot(0).read() == value_of(0), "the event that was published");
    r.advance(0, 1);
  }};
  producer.join();
  consumer.join();
  check(r.events.published() == (got_second ? 2 : 1), "published what was claimed");
}
enlist const here_timed{"claims.timed", "claims with a deadline, on a virtual clock", timed_claims};

void claims_up_to() {
  small_ring r{2};
  r.gate.add(r.stages[0]);
  constexpr std::int64_t n = 3;
  auto const& way = ways[one_of(2)];
  P::thread producer{[&] {
    this_is("producer");
    patience<P> look{way};
    int given_up = 0;
    for (std::int64_t left = n; left != 0;) {
      std::int64_t got = 0;
      check(r.events.claim_up_to(left, r.gate, look, r.producer_sleep, got) == status::ok, "there will be room");
      check(got >= 1 && got <= left && got <= r.size.slots(), "at least one, at most what was asked for");
      if (given_up < 2 && one_of(4) == 1) {
        ++given_up;  // and forget it
        continue;
      }
      auto const use = got - static_cast<std::int64_t>(one_of(static_cast<unsigned>(got)));
      auto const from = r.events.next();
      for (auto s = from; s < from + use; ++s) r.slot(s).write() = value_of(s);
      r.events.publish(use, r.table);
      left -= use;
    }
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    patience<P> look{parks};
    for (sequence at = 0; at < n;) {
      sequence to = at;
      sleep_until(look, r.worker_sleep[0], [&] { return (to = r.events.published()) > at; }, [&] { r.events.waiting().add(first_worker); });
      for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
      r.advance(0, at);
    }
  }};
  producer.join();
  consumer.join();
  check(r.events.published() == n, "nothing is claimed at the end");
}
enlist const here_up_to{"claims.up_to", "claims of as many as there is room for, in part used or given up", claims_up_to};

void tried_claims() {
  small_ring r{2};
  r.gate.add(r.stages[0]);
  constexpr std::int64_t n = 2;
  P::thread producer{[&] {
    this_is("producer");
    check(r.events.try_claim(3, r.gate) == status::refused && r.events.try_claim(0, r.gate) == status::refused, "can never succeed");
    for (std::int64_t i = 0; i < n;) {
      auto const seen = r.stages[0].reached();
      std::int64_t got = 0;
      auto const s = one_of(2) == 0 ? ((got = 1), r.events.try_claim(1, r.gate)) : r.events.try_claim_up_to(2, r.gate, got);
      if (s != status::ok) {
        check(s == status::would_block && r.events.next() - seen == r.size.slots(), "refuses only when it is full");
        P::yield();
        continue;
      }
      if (r.events.known_room() < got) check(false, "a claim is never larger than the room");
      auto const at = r.events.next();
      r.slot(at).write() = value_of(at);
      r.events.publish(1, r.table);
      ++i;
    }
  }};
  P::thread consumer{[&] {
    this_is("consumer");
    for (sequence at = 0; at < n;) {
      auto const to = r.events.published();
      if (to == at) P::yield();
      for (; at < to; ++at) check(r.slot(at).read() == value_of(at), "the event that was published");
      r.advance(0, at);
    }
  }};
  producer.join();
  consumer.join();
}
enlist const here_tried{"claims.tried", "claims that never wait", tried_claims};

}  // namespace

}  // namespace millrace::model
