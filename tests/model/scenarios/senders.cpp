// SPDX-License-Identifier: MIT
// Runners that publish into runners: room that another crew makes, ends, and a row of them.
#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

struct one_worker : small_crew {
  one_worker() : small_crew{1} {}
};
template <typename Runner>
void name_as(Runner& run, char const* ring, char const* stage, char const* bed) {
  name(run.shared()->ring().producer, ring);
  name(run.shared()->ring().stage[0], stage);
  name(run.on().where_they_sleep()->of[0], bed);
}

// The first one's worker sleeps until the second one's makes room; then nobody has anything to do.
void another_crew() {
  witness seen;
  one_worker here, there;
  somebody_is_late();
  constexpr std::int64_t n = 3;
  runner b{from<number>() | tap<"b">([&](number const& e) { seen.sees(e.n); }), there, with(1 + one_of(2), fused, parks_or_looks())};
  runner a{from<number>() | into<"a">(b.input()), here, with(one_of(2) == 0 ? 1 : 4, fused, parks)};
  name_as(a, "ring of a", "stage a", "bed of a");
  name_as(b, "ring of b", "stage b", "bed of b");
  auto in = a.input();
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  check(a.finish().done == n, "all is in the other runner");
  check(b.flush() == status::ok && seen.passed == n, "which goes on");
  check(b.finish().done == n, "until it is finished itself");
}
enlist const here_another{"senders.another_crew", "a stage waits for room that another crew makes", another_crew};

// Nobody waits for anybody: the events must get through, and all must come to rest.
void same_crew() {
  witness seen;
  small_crew crew;
  somebody_is_late();
  constexpr std::int64_t n = 3;
  runner b{from<number>() | tap<"b">([&](number const& e) { seen.sees(e.n); }), crew, with(1, fused, parks)};
  runner a{from<number>() | into<"a">(b.input()) | tap<"behind">([](number const&) {}), crew, with(4, fused, parks)};
  auto in = a.input();
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "there is room for all");
  check(a.apply(any_plan_for(a)) == status::ok, "plans change meanwhile");
  check(b.apply(any_plan_for(b)) == status::ok, "in both");
  world.wait_for_quiet();
  check(seen.passed == n, "all have passed when all sleep");
  check(a.finish().done == n && b.finish().done == n, "each once");
}
enlist const here_same{"senders.same_crew", "two runners in a row on one crew, while their plans change", same_crew};

// The second one stops while the first one's worker sleeps for room there, or is about to.
void stops() {
  witness seen;
  one_worker here, there;
  somebody_is_late();
  auto o = with(1 + one_of(2), fused, parks);
  o.paused = one_of(2) == 1;
  runner b{from<number>() | tap<"b">([&](number const& e) { seen.sees(e.n); }), there, o};
  runner a{from<number>() | into<"a">(b.input()), here, with(4, fused, parks)};
  name_as(a, "ring of a", "stage a", "bed of a");
  name_as(b, "ring of b", "stage b", "bed of b");
  P::thread stopper{[&] {
    this_is("who stops b");
    b.stop();
  }};
  auto in = a.input();
  std::int64_t published = 0;
  while (published < 3 && in.publish([&](number& e) { e.n = published; }) == status::ok) ++published;
  auto const r = a.finish();
  stopper.join();
  auto const rb = b.finish();
  check(r.published == published && r.done + r.left == published, "done or left");
  check(published == 0 || r.error != nullptr || r.left == 0, "the first one tells that the second has ended");
  check(rb.published == r.done && seen.passed == rb.done, "what it has done is what the second has got");
}
enlist const here_stops{"senders.stops", "a runner stops into which another publishes", stops};

// Another producer takes the room that the first one's worker has seen when it lay down.
void crowded() {
  std::int64_t seen = 0;
  one_worker here, there;
  constexpr std::int64_t n = 2;
  runner b{from<number>(many_producers) | tap<"b">([&](number const&) { ++seen; }), there, with(1 + one_of(2), fused, parks)};
  runner a{from<number>() | into<"a">(b.input()), here, with(2, fused, parks)};
  name_as(a, "ring of a", "stage a", "bed of a");
  name_as(b, "ring of b", "stage b", "bed of b");
  P::thread other{[&, in = b.input()]() mutable {
    this_is("another producer");
    for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  }};
  auto in = a.input();
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  other.join();
  world.wait_for_quiet();
  check(seen == 2 * n, "all have passed when all sleep");
  check(a.finish().done == n && b.finish().done == 2 * n, "each once");
}
enlist const here_crowded{"senders.crowded", "a stage and another producer want the same room", crowded};

// A filter lets some through: these are sent together, as far as there is room, and the stage behind sees each when it has been sent.
void some_of_them() {
  witness seen, behind;
  one_worker here, there;
  somebody_is_late();
  constexpr std::int64_t n = 5;
  auto o = with(8, fused, parks);
  o.paused = true;
  runner b{from<number>() | tap<"b">([&](number const& e) { seen.sees(e.n, 2); }), there, with(1 + one_of(2), fused, parks)};
  runner a{from<number>() | filter<"even">([](number const& e) { return e.n % 2 == 0; }) | into<"a">(b.input()) | tap<"behind">([&](number const& e) { behind.sees(e.n, 2); }), here, o};
  name_as(a, "ring of a", "stage a", "bed of a");
  name_as(b, "ring of b", "stage b", "bed of b");
  auto in = a.input();
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  a.start();
  world.wait_for_quiet();
  check(seen.passed == n + 1 && behind.passed == n + 1, "all have passed when all sleep");
  check(a.finish().done == n && b.finish().done == (n + 1) / 2, "each once");
}
enlist const here_some{"senders.some_of_them", "what a filter leaves of a batch is sent together", some_of_them};

// Three in a row, one slot each, on crews that two of them share.
void chain() {
  witness seen;
  one_worker here, there;
  constexpr std::int64_t n = 2;
  bool const shares = one_of(2) == 1;
  runner c{from<number>() | tap<"c">([&](number const& e) { seen.sees(e.n); }), here, with(1, fused, parks)};
  runner b{from<number>() | into<"b">(c.input()), there, with(1, fused, parks)};
  runner a{from<number>() | into<"a">(b.input()), shares ? here : there, with(1, fused, parks)};
  auto in = a.input();
  for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  world.wait_for_quiet();
  check(seen.passed == n, "all have passed when all sleep");
  check(a.finish().done == n && b.finish().done == n && c.finish().done == n, "each once");
}
enlist const here_chain{"senders.chain", "three runners in a row on two crews", chain};

// Two runners whose handlers publish into each other, two events for each: both are soon full, and at most one of them may wait.
void circle() {
  struct doubles {
    status (**next)(void*, std::int64_t);
    void** into;
    std::int64_t* passed;
    std::int64_t* published;
    void operator()(number const& e) const {
      ++*passed;
      for (int i = 0; i < 2 && e.n > 0; ++i)
        if (auto const s = (*next)(*into, e.n - 1); s == status::ok) ++*published;
        else check(s == status::would_block, "it is open");
    }
  };
  using run_type = runner<decltype(whole(from<number>() | tap<"double">(doubles{}))), P>;
  using input = decltype(std::declval<run_type&>().input());
  one_worker here, there;
  std::int64_t passed[2] = {}, published[2] = {};
  status (*publish)(void*, std::int64_t) = [](void* in, std::int64_t n) { return static_cast<input*>(in)->publish([n](number& e) { e.n = n; }); };
  void* into[2] = {};
  auto how = with(1, fused, parks);
  how.paused = true;
  run_type a{whole(from<number>() | tap<"double">(doubles{&publish, &into[0], &passed[0], &published[0]})), here, how};
  run_type b{whole(from<number>() | tap<"double">(doubles{&publish, &into[1], &passed[1], &published[1]})), there, how};
  input to_a = a.input(), to_b = b.input();
  into[0] = &to_b, into[1] = &to_a;
  check(to_a.publish([](number& e) { e.n = 3; }) == status::ok, "there is room for the first");
  a.start();
  b.start();
  world.wait_for_quiet();
  check(passed[0] + passed[1] == published[0] + published[1] + 1, "all sleep when all has passed, and not before");
  check(a.finish().ok() && b.finish().ok(), "and nothing is left");
}
enlist const here_circle{"senders.circle", "handlers of two crews publish into each other's full rings", circle};

}  // namespace

}  // namespace millrace::model
