// SPDX-License-Identifier: MIT
// Replies: who answers, who gives up, who calls off and who ends, against each other; the words of which futures and executors are
// made; and whole runners that end while somebody waits.
#include <optional>
#include <vector>

#include <millrace/async/replier.hpp>
#include <millrace/sync/free_list.hpp>
#include <millrace/sync/handshake.hpp>
#include <millrace/sync/reply_token.hpp>
#include <millrace/sync/work_box.hpp>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

// ---- the token: one slot, one who waits

struct somebody : waiter<int, P> {
  P::cell<int> answers{0};
};

void token() {
  reply_token<P> slot;
  somebody s;
  name(slot, "token");
  s.done = [](waiter<int, P>* w) noexcept { ++static_cast<somebody*>(w)->answers.write(); };
  P::cell<int> back{0};
  P::cell<int> passed_over{0};
  bool const calls_off = one_of(2) == 0;
  P::thread worker{[&] {
    this_is("worker");
    bool const begun = !slot.called_off();
    if (!begun) passed_over.write() = 1;
    if (auto* const who = slot.take_surely()) static_cast<waiter<int, P>*>(who)->answer(reply<int>{7});
  }};
  P::thread ender{[&] {
    this_is("ender");
    if (auto* const who = slot.take_surely()) static_cast<waiter<int, P>*>(who)->answer(reply<int>::stopped());
  }};
  {
    this_is("owner");
    auto* const mine = static_cast<waiter<int, P>*>(&s);
    s.answers.write() = 0;  // as all that is prepared for who answers
    slot.put(mine);
    if (calls_off ? slot.call_off(mine) : slot.withdraw(mine)) back.write() = 1;
  }
  worker.join();
  ender.join();
  check(s.answers.read() + back.read() == 1, "answered once, or taken back");
  check(passed_over.read() == 0 || back.read() == 1, "only what was called off is passed over");
  check(slot.take_surely() == nullptr, "nobody is left");
}
enlist const here_token{"replies.token", "one word decides who answers, who gives up, who ends", token};

// The end of the ring between the token and the publish: whoever ends finds who waits, or he learns that he came too late.
void too_late() {
  single_producer<P> events{capacity{1}};
  sleepers<P> table;
  reply_token<P> slot;
  somebody s;
  name(slot, "token");
  s.done = [](waiter<int, P>* w) noexcept { ++static_cast<somebody*>(w)->answers.write(); };
  P::cell<int> back{0};
  P::thread ender{[&] {
    this_is("ender");
    events.close();
    if (auto* const who = slot.take_surely()) static_cast<waiter<int, P>*>(who)->answer(reply<int>::stopped());
  }};
  {
    this_is("producer");
    auto* const mine = static_cast<waiter<int, P>*>(&s);
    s.answers.write() = 0;
    slot.put(mine);
    if (events.publish(1, table) == status::closed && !defect("replies: who came too late goes on waiting") && slot.withdraw(mine)) back.write() = 1;
  }
  ender.join();
  check(s.answers.read() + back.read() == 1, "answered, or told that it was too late");
}
enlist const here_late{"replies.too_late", "an event is published while the ring ends", too_late};

// ---- a future: against who answers

using desk = reply_desk<int, P>;

/// Publishes for a future: what an input does.
auto send(desk& d) -> future<int, P> {
  auto* const state = d.borrow();
  if (state == nullptr) return future<int, P>{status::refused};
  state->at = &d.token(0);
  d.token(0).put(static_cast<waiter<int, P>*>(state));
  return future<int, P>{*state};
}
void settle(desk& d, int value) {
  if (auto* const who = d.token(0).take_surely()) static_cast<waiter<int, P>*>(who)->answer(reply<int>{int{value}});
}

void one_future() {
  auto d = desk::make(capacity{1}, pool_size{1}, one_of(2) == 0 ? parks : looks);
  int called = 0;
  for (int round = 0; round < 2; ++round) {  // the same state twice
    auto f = send(*d);
    P::thread worker{[&] {
      this_is("worker");
      settle(*d, 7);
    }};
    this_is("owner");
    switch (one_of(4)) {
      case 0: check(f.get() == 7, "what was answered"); break;
      case 1: f.abandon(); break;
      case 2: f.then([&](reply<int> r) { called += *r; }); break;
      default:
        if (f.wait_for(std::chrono::nanoseconds{10})) check(f.get() == 7, "what was answered");
        else f.abandon();
    }
    worker.join();
    if (one_of(2) == 0) settle(*d, 0);  // an abandoned event may pass later
    check(called == 0 || called == 7, "called once");
    called = 0;
    auto const state = d->borrow();
    check(state != nullptr, "the state is free again");
    state->free();
  }
}
enlist const here_future{"replies.future", "get, abandon, then and a time that is up, against who answers", one_future};

// The desk goes with its owner or with the last future, whichever is later.
void left_behind() {
  auto d = desk::make(capacity{1}, pool_size{2}, looks);
  std::optional<future<int, P>> one, other;
  one.emplace(send(*d));
  settle(*d, 1);
  other.emplace(send(*d));
  P::thread a{[&] {
    this_is("a");
    if (one_of(2) == 0) check(one->get() == 1, "what was answered");
    one.reset();
  }};
  P::thread b{[&] {
    this_is("b");
    other.reset();
  }};
  this_is("owner");
  d->sweep();
  d.reset();
  a.join();
  b.join();
}
enlist const here_left{"replies.left_behind", "futures that outlive their runner", left_behind};

void free_numbers() {
  free_list<P> all{2};
  P::cell<int> held[2];
  name(all, "free list");
  auto const user = [&] {
    for (int i = 0; i < 2; ++i) {
      auto const n = all.pop();
      if (n == free_list<P>::none) continue;
      ++held[n].write();
      check(held[n].read() == 1, "one holder at a time");
      --held[n].write();
      check(!all.push(n), "its owner is there");
    }
  };
  P::thread a{user}, b{user}, c{user};
  a.join();
  b.join();
  c.join();
  check(all.pop() != all.pop(), "both are back");
}
enlist const here_free{"replies.free_list", "numbers that are lent out and come back", free_numbers};

// ---- executors

struct thing : work {
  P::cell<int> what{0};
  P::cell<int>* ran = nullptr;
};

void posted() {
  basic_loop<P> loop{one_of(2) == 0 ? parks : looks};
  thing things[3];
  P::cell<int> ran{0};
  for (auto& t : things) {
    t.ran = &ran;
    t.run = [](work* w) noexcept {
      auto& me = *static_cast<thing*>(w);
      check(me.what.read() == 1, "what was written before the post is seen");
      ++me.ran->write();
    };
  }
  auto const post = [&](thing& t) {
    t.what.write() = 1;
    loop.post(t);
  };
  P::thread a{[&] {
    this_is("a");
    post(things[0]);
    post(things[1]);
  }};
  P::thread b{[&] {
    this_is("b");
    post(things[2]);
  }};
  this_is("loop");
  int taken = 0;
  if (one_of(2) == 0) {
    auto place = work::idle;
    while ((place = loop.take_back(things[1])) == work::idle) P::yield();
    check(place == work::queued, "nobody else runs it");
    taken = 1;
  }
  loop.run_until([&] { return ran.read() + taken == 3; });
  a.join();
  b.join();
  check(!loop.run_one(), "each once");
}
enlist const here_posted{"replies.loop", "work is posted, taken back, run once; the loop sleeps and wakes", posted};

void shaken() {
  handshake<P> hands;
  P::cell<int> resumed{0};  // by whoever is to
  P::cell<int> started{0};
  reply_token<P> slot;
  int who = 0;
  using found = handshake<P>::found;
  slot.put(&who);
  P::thread worker{[&] {
    this_is("worker");
    if (slot.take_surely() == nullptr) return;
    if (hands.finish()) check(started.read() == 1, "who started it has let go"), ++resumed.write();
  }};
  P::thread canceller{[&] {
    this_is("canceller");
    if (hands.ask() && slot.call_off(&who)) check(started.read() == 1, "who started it has let go"), ++resumed.write();
  }};
  this_is("starter");
  started.write() = 1;
  auto const left = hands.let_go();
  if (left == found::finished || (left == found::asked && slot.call_off(&who))) ++resumed.write();
  worker.join();
  canceller.join();
  check(resumed.read() == 1, "resumed once");
}
enlist const here_shaken{"replies.handshake", "start, end and a request to stop, in any order", shaken};

// ---- whole runners

/// A range of so many parts.
struct counted {
  std::int64_t n;
  struct iterator {
    std::int64_t at;
    auto operator*() const -> std::int64_t { return at; }
    auto operator++() -> iterator& { return ++at, *this; }
    auto operator==(iterator const&) const -> bool = default;
  };
  [[nodiscard]] auto begin() const -> iterator { return {0}; }
  [[nodiscard]] auto end() const -> iterator { return {n}; }
};

// An end at any time, while a producer waits for one reply, has abandoned one, and leaves something to be called.
void ended() {
  small_crew crew;
  somebody_is_late();
  P::cell<int> called{0};
  auto const way = one_of(4);
  std::optional<future<std::int64_t, P>> kept;
  {
    runner run{from<number>(many_producers, replies_on<P>(8)) | map<"a">([way](number const& e) { return way == 1 && e.n == 1 ? throw 1 : e.n + 10; }) | tap<"b">([](std::int64_t) {}), crew,
               with(1 + one_of(2), one_of(2) == 0 ? fused : spread, parks_or_looks())};
    name_parts(run);
    auto in = run.input();
    P::thread ender{[&] {
      this_is("ender");
      if (way == 0) run.stop();
      if (way == 2) static_cast<void>(run.finish());
    }};
    this_is("producer");
    auto first = in.submit([](number& e) { e.n = 0; });
    auto second = in.submit([](number& e) { e.n = 1; });
    if (one_of(2) == 0) second.abandon();
    in.submit([](number& e) { e.n = 2; }).then([&](reply<std::int64_t> const& r) {
      check(!r || *r == 12, "its own value");
      ++called.write();
    });
    auto const r = first.take();
    check(r.how() == ending::stopped || r.how() == ending::refused ? way != 3 : r.has_value() && *r == 10, "its own value, or why there is none");
    if (second.valid()) {
      auto const s = second.take();
      check(s.has_value() ? way != 1 && *s == 11 : s.how() == ending::failed ? way == 1 : way != 3, "the exception goes to who made it");
    }
    kept.emplace(in.submit([](number& e) { e.n = 3; }));
    ender.join();
  }
  check(called.read() == 1, "called once");
  check(kept->ready(), "nobody is left waiting");
}
enlist const here_ended{"replies.ended", "a runner is stopped, fails, finishes or is destroyed while somebody waits", ended};

// The parts of an event pass another ring, and who has replied to it may sleep meanwhile.
void parts() {
  small_crew crew;
  somebody_is_late();
  P::cell<int> passed{0};
  auto const way = one_of(3);
  std::optional<future<std::int64_t, P>> kept;
  {
    runner run{from<number>(many_producers, replies_on<P>) | expand<"parts">([](number const& e) { return counted{e.n}; }, ring_of(1 + one_of(2))) | tap<"b">([&](std::int64_t) { ++passed.write(); }), crew,
               with(1 + one_of(2), one_of(2) == 0 ? fused : spread, parks_or_looks())};
    name_parts(run);
    auto in = run.input();
    P::thread ender{[&] {
      this_is("ender");
      if (way == 0) run.stop();
      if (way == 1) static_cast<void>(run.finish());
    }};
    this_is("producer");
    auto first = in.submit([](number& e) { e.n = 3; });
    kept.emplace(in.submit([](number& e) { e.n = 0; }));
    auto const r = first.take();
    if (r) check(*r == 3 && passed.read() == 3, "all parts have passed, and what they did is seen");
    else check((r.how() == ending::stopped && way != 2) || (r.how() == ending::refused && way != 2), "or why not");
    ender.join();
  }
  check(kept->ready(), "nobody is left waiting");
}
enlist const here_parts{"replies.parts", "an event that is expanded is replied to when its parts have passed, or the pipeline ends", parts};

// Room without a thread: what is to be run when there is some is run, also at the end.
struct knock : work {
  event_count<P> bed;
  cursor<P, site::version_publish, site::version_read> knocks;
};
void room() {
  small_crew crew;
  knock k;
  k.run = [](work* w) noexcept {
    auto& me = *static_cast<knock*>(w);
    me.knocks.publish(me.knocks.own() + 1);
    me.bed.alert();
  };
  bool const stops = one_of(2) == 0;
  runner run{from<number>(many_producers, replies_on<P>) | tap<"a">([](number const&) {}), crew, with(1, fused, parks_or_looks())};
  name_parts(run);
  auto in = run.input();
  for (int i = 0; i < 2; ++i) {
    while (in.try_publish([](number& e) { e.n = 1; }) == status::would_block) {
      auto const before = k.knocks.published();
      in.run_when_there_is_room(k);
      patience<P> look{parks};
      check(wait_until<P>(look, k.bed, for_ever, [&] { return k.knocks.published() == before + 1; }, [] {}), "run once");
    }
    if (stops) run.stop();
  }
}
enlist const here_room{"replies.room", "who waits for room without a thread is run when there is some, or it ends", room};

}  // namespace

}  // namespace millrace::model
