// SPDX-License-Identifier: MIT
// Tests of the explorer: small programs whose outcomes are known. Each must show all of them and no other.
#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/explore.hpp"
#include "model/platform.hpp"

namespace {

using namespace millrace::model;
using P = platform;
using order = std::memory_order;

int last = 0;  // the outcome of the run, as decimal digits

struct litmus {
  std::string_view name;
  void (*run)();
  std::set<int> outcomes;         // exactly these
  std::string_view failure = {};  // or runs must fail so, in at least one of the schedules
};

struct two_words {
  P::atomic<int> x{0}, y{0};
};

// ---- store buffering: 00 says that both loads were before both stores

template <order Store, order Load>
void store_buffering() {
  two_words w;
  int a = 0, b = 0;
  P::thread one{[&] { w.x.store(1, Store); a = w.y.load(Load); }};
  P::thread two{[&] { w.y.store(1, Store); b = w.x.load(Load); }};
  one.join();
  two.join();
  last = a * 10 + b;
}
template <void (*One)(), void (*Two)()>
void store_buffering_with() {
  world.asymmetric(true);
  two_words w;
  int a = 0, b = 0;
  P::thread one{[&] { w.x.store(1, order::relaxed); One(); a = w.y.load(order::relaxed); }};
  P::thread two{[&] { w.y.store(1, order::relaxed); Two(); b = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}
void light() { P::light_barrier(); }
void heavy() { P::heavy_barrier(); }
void fence() { location::fence(order::seq_cst); }
void store_buffering_rmw() {
  two_words w;
  int a = 0, b = 0;
  P::atomic<int> common{0};
  P::thread one{[&] { w.x.store(1, order::relaxed); common.fetch_or(0, order::acq_rel); a = w.y.load(order::relaxed); }};
  P::thread two{[&] { w.y.store(1, order::relaxed); common.fetch_or(0, order::acq_rel); b = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}

// ---- message passing: 10 says that the flag was seen and the data was not

template <order Store, order Load>
void message_passing() {
  two_words w;
  int a = 0, b = 0;
  P::thread one{[&] { w.x.store(1, order::relaxed); w.y.store(1, Store); }};
  P::thread two{[&] { a = w.y.load(Load); b = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}
void message_passing_fences() {
  two_words w;
  int a = 0, b = 0;
  P::thread one{[&] { w.x.store(1, order::relaxed); location::fence(order::release); w.y.store(1, order::relaxed); }};
  P::thread two{[&] { a = w.y.load(order::relaxed); location::fence(order::acquire); b = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}

// ---- load buffering: 11 is allowed by C++ and not modelled

void load_buffering() {
  two_words w;
  int a = 0, b = 0;
  P::thread one{[&] { a = w.x.load(order::relaxed); w.y.store(1, order::relaxed); }};
  P::thread two{[&] { b = w.y.load(order::relaxed); w.x.store(1, order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}

// ---- independent reads of independent writes: 1010 says that the readers disagree on the order

template <order O>
void independent_reads() {
  two_words w;
  int a = 0, b = 0, c = 0, d = 0;
  P::thread one{[&] { w.x.store(1, O == order::acquire ? order::release : O); }};
  P::thread two{[&] { w.y.store(1, O == order::acquire ? order::release : O); }};
  P::thread three{[&] { a = w.x.load(O); b = w.y.load(O); }};
  P::thread four{[&] { c = w.y.load(O); d = w.x.load(O); }};
  one.join();
  two.join();
  three.join();
  four.join();
  last = (a == 1 && b == 0 && c == 1 && d == 0) ? 1 : 0;
}
void independent_reads_fences() {
  two_words w;
  int a = 0, b = 0, c = 0, d = 0;
  P::thread one{[&] { w.x.store(1, order::release); }};
  P::thread two{[&] { w.y.store(1, order::release); }};
  P::thread three{[&] { a = w.x.load(order::acquire); fence(); b = w.y.load(order::relaxed); }};
  P::thread four{[&] { c = w.y.load(order::acquire); fence(); d = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  three.join();
  four.join();
  last = (a == 1 && b == 0 && c == 1 && d == 0) ? 1 : 0;
}

// ---- coherence

void read_read() {
  P::atomic<int> x{0};
  int a = 0, b = 0;
  P::thread one{[&] { x.store(1, order::relaxed); x.store(2, order::relaxed); }};
  P::thread two{[&] { a = x.load(order::relaxed); b = x.load(order::relaxed); }};
  one.join();
  two.join();
  last = a * 10 + b;
}
// What another thread has read before (by happens-before) bounds this one, even if that thread has read on since.
void read_read_across() {
  two_words w;
  int a = 0, b = -1;
  P::thread one{[&] { w.x.store(1, order::relaxed); w.x.store(2, order::relaxed); }};
  P::thread two{[&] { a = w.x.load(order::relaxed); w.y.store(1, order::release); static_cast<void>(w.x.load(order::relaxed)); }};
  P::thread three{[&] { if (w.y.load(order::acquire) == 1) b = w.x.load(order::relaxed); }};
  one.join();
  two.join();
  three.join();
  last = b < 0 ? 99 : a * 10 + b;
}
void increments() {
  P::atomic<int> x{0};
  auto const add = [&] { for (int i = 0; i < 2; ++i) x.fetch_add(1, order::relaxed); };
  P::thread one{add}, two{add};
  one.join();
  two.join();
  last = x.load(order::relaxed);
}
void failed_exchange() {
  P::atomic<int> x{0};
  int a = 0;
  bool done = false;
  P::thread one{[&] { x.store(1, order::relaxed); x.store(2, order::relaxed); }};
  P::thread two{[&] { a = 1; done = x.compare_exchange_strong(a, 5, order::relaxed, order::relaxed); }};
  one.join();
  two.join();
  last = done ? 10 + a : a;
}

// ---- release sequences: a read-modify-write goes on with one, a store breaks it

template <bool Rmw>
void release_sequence() {
  two_words w;
  P::cell<int> data{0};
  int a = -1;
  P::thread one{[&] { data.write() = 1; w.x.store(1, order::release); }};
  P::thread two{[&] {
    if constexpr (Rmw) w.x.fetch_add(1, order::relaxed);
    else if (w.x.load(order::relaxed) == 1) w.x.store(2, order::relaxed);
  }};
  P::thread three{[&] { if (w.x.load(order::acquire) == 2) a = data.read(); }};
  one.join();
  two.join();
  three.join();
  last = a < 0 ? 0 : a;
}

// ---- plain data

void racing_cells() {
  P::cell<int> c{0};
  P::thread one{[&] { c.write() = 1; }};
  P::thread two{[&] { static_cast<void>(c.read()); }};
  one.join();
  two.join();
}
void read_then_write() {
  P::cell<int> c{0};
  P::atomic<bool> go{false};
  P::thread one{[&] { static_cast<void>(c.read()); go.store(true, order::relaxed); }};
  P::thread two{[&] { while (!go.load(order::acquire)) P::yield(); c.write() = 1; }};
  one.join();
  two.join();
}
void locked_cells() {
  P::cell<int> c{0};
  P::mutex m;
  auto const add = [&] {
    std::lock_guard const hold{m};
    ++c.write();
  };
  P::thread one{add}, two{add};
  one.join();
  two.join();
  last = c.read();
}
void barriers_publish_nothing() {
  world.asymmetric(true);
  P::cell<int> c{0};
  P::atomic<bool> go{false};
  P::thread one{[&] { c.write() = 1; P::light_barrier(); go.store(true, order::relaxed); P::light_barrier(); }};
  P::thread two{[&] { while (!go.load(order::relaxed)) P::yield(); P::heavy_barrier(); static_cast<void>(c.read()); }};
  one.join();
  two.join();
}
void used_before_made() {
  P::atomic<P::atomic<int>*> where{nullptr};
  P::thread one{[&] {
    P::atomic<int> made{1};
    where.store(&made, order::relaxed);
    while (where.load(order::relaxed) != nullptr) P::yield();
  }};
  P::thread two{[&] {
    P::atomic<int>* p = nullptr;
    while ((p = where.load(order::acquire)) == nullptr) P::yield();
    static_cast<void>(p->load(order::relaxed));
    where.store(nullptr, order::relaxed);
  }};
  one.join();
  two.join();
}

// ---- sleeping

template <bool LooksAgain>
void futex() {
  P::atomic<std::uint32_t> word{0};
  P::thread sleeper{[&] {
    if constexpr (LooksAgain) {
      while (word.load(order::acquire) == 0) P::wait(word, 0);
    } else {
      if (word.load(order::acquire) == 0) P::wait(word, word.load(order::relaxed));  // whatever it is by now
    }
  }};
  P::thread waker{[&] { word.store(1, order::release); P::wake_all(word); }};
  sleeper.join();
  waker.join();
  last = 1;
}
void futex_without_wake() {
  P::atomic<std::uint32_t> word{0};
  P::thread sleeper{[&] { while (word.load(order::acquire) == 0) P::wait(word, 0); }};
  P::thread waker{[&] { word.store(1, order::release); }};
  sleeper.join();
  waker.join();
}
void timed_sleep() {
  P::atomic<std::uint32_t> word{0};
  auto const until = P::now() + 5'000;
  while (P::now() < until) P::wait_for(word, 0, until - P::now());
  check(P::now() < until + 5'000, "not much later");
  last = 1;
}
void naps() {
  P::atomic<int> turn{0};
  int first = 0;
  auto const sleeper = [&](int me, std::int64_t n) {
    auto const from = P::now();
    P::nap(n);
    check(P::now() - from >= n, "a nap is not shorter");
    if (turn.fetch_add(1, order::relaxed) == 0) first = me;
  };
  P::thread one{sleeper, 1, 1'000'000}, two{sleeper, 2, 1'000};
  one.join();
  two.join();
  last = first;
}
void two_mutexes() {
  P::mutex a, b;
  auto const lock = [](P::mutex& x, P::mutex& y) {
    std::lock_guard const first{x};
    std::lock_guard const second{y};
  };
  P::thread one{[&] { lock(a, b); }}, two{[&] { lock(b, a); }};
  one.join();
  two.join();
}
void for_ever() {
  P::atomic<bool> never{false};
  P::thread one{[&] { while (!never.load(order::relaxed)) P::yield(); }};
  one.join();
}

// ---- the rest of the machine

void letters() {
  P::mailbox<int> box;
  int sum = 0;
  P::thread writer{[&] {
    for (int i = 1; i <= 10; ++i)
      while (!box.put(i)) P::yield();
  }};
  P::thread reader{[&] {
    for (int i = 1, got = 0; i <= 10; ++i) {
      while (!box.take(got)) P::yield();
      check(got == i, "in order");
      sum += got;
    }
  }};
  writer.join();
  reader.join();
  last = sum;
}
void own_pointers() {
  int mine[2] = {};
  auto const set = [&](int i) {
    check(P::current() == nullptr, "a thread begins without");
    P::current() = &mine[i];
    P::yield();
    check(P::current() == &mine[i], "each thread has its own");
  };
  P::thread one{set, 0}, two{set, 1};
  one.join();
  two.join();
  last = 1;
}
// Two threads handle exceptions at once, on what is one thread of the system.
void exceptions() {
  auto const handle = [](int i) {
    try {
      try {
        throw i;
      } catch (int) {
        P::yield();
        throw;
      }
    } catch (int got) {
      P::yield();
      check(got == i, "its own exception");
    }
    check(std::uncaught_exceptions() == 0, "none is left");
  };
  P::thread one{handle, 1}, two{handle, 2};
  one.join();
  two.join();
  last = 1;
}
void escapes() {
  P::thread one{[] { throw std::runtime_error{"nobody catches me"}; }};
  one.join();
}
void faults() {
  plan_fault(millrace::fault_site::handler, 2);
  int thrown = 0;
  for (int i = 0; i < 3; ++i) try {
      P::fault<millrace::fault_site::handler>();
    } catch (injected_fault const&) {
      thrown = thrown * 10 + i;
    }
  last = thrown;
}

auto const& all() {
  static std::vector<litmus> const tests = {
      {"store buffering, relaxed", store_buffering<order::relaxed, order::relaxed>, {0, 1, 10, 11}},
      {"store buffering, release and acquire", store_buffering<order::release, order::acquire>, {0, 1, 10, 11}},
      {"store buffering, seq_cst", store_buffering<order::seq_cst, order::seq_cst>, {1, 10, 11}},
      {"store buffering, seq_cst fences", store_buffering_with<fence, fence>, {1, 10, 11}},
      {"store buffering, light and heavy", store_buffering_with<light, heavy>, {1, 10, 11}},
      {"store buffering, heavy and heavy", store_buffering_with<heavy, heavy>, {1, 10, 11}},
      {"store buffering, light and light", store_buffering_with<light, light>, {0, 1, 10, 11}},
      {"store buffering, read-modify-writes of one word", store_buffering_rmw, {1, 10, 11}},
      {"message passing, release and acquire", message_passing<order::release, order::acquire>, {0, 1, 11}},
      {"message passing, relaxed store", message_passing<order::relaxed, order::acquire>, {0, 1, 10, 11}},
      {"message passing, relaxed load", message_passing<order::release, order::relaxed>, {0, 1, 10, 11}},
      {"message passing, fences", message_passing_fences, {0, 1, 11}},
      {"load buffering (not modelled: no 11)", load_buffering, {0, 1, 10}},
      {"independent reads, acquire", independent_reads<order::acquire>, {0, 1}},
      {"independent reads, seq_cst", independent_reads<order::seq_cst>, {0}},
      {"independent reads, fences", independent_reads_fences, {0}},
      {"coherence: a thread does not read back", read_read, {0, 1, 2, 11, 12, 22}},
      {"coherence: nor behind what it knows others have read", read_read_across, {99, 0, 1, 2, 11, 12, 22}},
      {"increments are not lost", increments, {4}},
      {"a failed exchange may see an old value", failed_exchange, {0, 2, 11}},
      {"a release sequence goes on by read-modify-write", release_sequence<true>, {0, 1}},
      {"a release sequence is broken by a store", release_sequence<false>, {}, "data race"},
      {"cells: write and read", racing_cells, {}, "data race"},
      {"cells: read, then write", read_then_write, {}, "data race"},
      {"cells: under a mutex", locked_cells, {2}},
      {"cells: barriers order looks, they publish nothing", barriers_publish_nothing, {}, "data race"},
      {"an atomic is used before it is made", used_before_made, {}, "data race"},
      {"futex", futex<true>, {1}},
      {"futex, sleeping on whatever is there", futex<false>, {}, "deadlock"},
      {"futex, nobody wakes", futex_without_wake, {}, "deadlock"},
      {"a sleep with a deadline", timed_sleep, {1}},
      {"naps", naps, {1, 2}},
      {"two mutexes in two orders", two_mutexes, {}, "deadlock"},
      {"a loop without an end", for_ever, {}, "livelock"},
      {"mailbox", letters, {55}},
      {"a pointer for each thread", own_pointers, {1}},
      {"exceptions on several fibers", exceptions, {1}},
      {"an exception that leaves a thread", escapes, {}, "an exception left a thread: nobody catches me"},
      {"the second time a place is passed", faults, {1}},
  };
  return tests;
}

// Runs one test under one scheduler and says what is wrong, or nothing.
auto judge(litmus const& t, searching how, std::uint64_t schedules) -> std::string {
  std::set<int> seen;
  std::string failure;
  static std::set<int>* into = nullptr;
  static void (*body)() = nullptr;
  into = &seen;
  body = t.run;
  auto const noted = +[] {
    body();
    into->insert(last);
  };
  conditions under;
  under.most_steps = 2'000;
  auto const found = explore(noted, {.how = how, .schedules = schedules, .bound = 3, .under = under, .expects_failure = !t.failure.empty()});
  if (!t.failure.empty()) {
    if (found.failure.find(t.failure) == 0) {
      // The same again, twice, with a trace: a run depends on its schedule alone.
      auto const once = replay(noted, found.which, under), again = replay(noted, found.which, under);
      if (once.failure != found.failure || once.trace != again.trace || once.trace.empty()) return "cannot be repeated";
      return {};
    }
    return "must fail with '" + std::string{t.failure} + "', not '" + found.failure + "'";
  }
  if (!found.failure.empty()) return found.failure;
  if (seen == t.outcomes) return {};
  std::string text = "outcomes";
  for (auto const o : seen) text += " " + std::to_string(o);
  text += ", must be";
  for (auto const o : t.outcomes) text += " " + std::to_string(o);
  return text;
}

}  // namespace

int main() {
  int wrong = 0;
  for (auto const& t : all()) {
    std::string why;
    for (auto const how : {searching::random, searching::pct, searching::exhaustive}) {
      auto const bad = judge(t, how, 20'000);
      auto const* const by = how == searching::random ? "random" : how == searching::pct ? "pct" : "exhaustive";
      if (!bad.empty()) why += std::string{" ["} + by + ": " + bad + "]";
    }
    std::printf("%-4s %.*s%s\n", why.empty() ? "ok" : "BAD", static_cast<int>(t.name.size()), t.name.data(), why.c_str());
    wrong += !why.empty();
  }
  std::printf("%zu litmus tests, %d failed\n", all().size(), wrong);
  return wrong == 0 ? 0 : 1;
}
