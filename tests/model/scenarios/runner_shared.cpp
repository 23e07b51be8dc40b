// SPDX-License-Identifier: MIT
// Whole runners with a stage that both workers run: while its lanes move, while nothing flows, with several producers.
#include <array>

#include "model/scenarios/whole.hpp"

namespace millrace::model {

namespace {

constexpr std::int64_t n = 3;

/// Each event once in the shared stage, by whomever; then in order in the last one, after it.
struct shared_work {
  std::array<P::cell<int>, n> times{};
  witness last;

  auto pipeline() {
    auto const once = [this](number const& e) { return ++times[static_cast<std::size_t>(e.n)].write(), e.n + 100; };
    return from<number>() | map<"share">(once, stateless) | tap<"last">([this](std::int64_t v) { last.sees(v - 100); });
  }
  void check_all() {
    for (auto& t : times) check(t.read() == 1, "each event once in the shared stage");
    check(last.next.read() == n, "and all of them in the last");
  }
};

/// One of: either worker has both stages; they share the lanes, one by one; both want all of them.
auto plan_number(unsigned which) -> grouping {
  constexpr lane_mask all = ~lane_mask{0}, even = all / 3;
  plan p{2, 2};
  if (which < 2) p.give(which, 0, all), p.give(which, 1, 1);
  else p.give(0, 0, which == 2 ? even : all), p.give(1, 0, which == 2 ? ~even : all), p.give(1, 1, 1);
  return p;
}
constexpr unsigned plans = 4;

void resharded() {
  shared_work w;
  small_crew crew;
  somebody_is_late();
  runner run{w.pipeline(), crew, with(1 + one_of(2), plan_number(one_of(plans)), parks_or_looks())};
  name_parts(run);
  P::thread poster{[&] {
    this_is("poster");
    for (int i = 0; i < 2; ++i) check(run.apply(plan_number(one_of(plans))) == status::ok, "a running runner takes plans");
  }};
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < n; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  }
  poster.join();
  auto const r = run.finish();
  check(r.ok() && r.done == n, "all is done");
  w.check_all();
}
enlist const here_resharded{"runner.resharded", "a stage with 64 lanes, while they change hands", resharded};

void shared_rest() {
  shared_work w;
  small_crew crew;
  runner run{w.pipeline(), crew, with(2, plan_number(2 + one_of(2)))};
  name_parts(run);
  world.wait_for_quiet();
  auto in = run.input();
  for (std::int64_t i = 0; i < n; ++i) {
    check(in.publish([&](number& e) { e.n = i; }) == status::ok, "a sleeping runner takes events");
    if (one_of(2) == 0) world.wait_for_quiet();
  }
  check(run.flush() == status::ok, "and works on them");
  world.wait_for_quiet();
  check(run.finish().done == n, "all is done");
  w.check_all();
}
enlist const here_rest{"runner.shared_rest", "workers that share a stage come to rest, and wake for the next event", shared_rest};

/// Two pools in a row; both workers want all lanes of both, or one of them leaves, or they want different ones.
void row_of_pools() {
  constexpr std::int64_t many = 2;
  std::array<P::cell<int>, many> first{}, second{};
  witness last;
  small_crew crew;
  somebody_is_late();
  auto const plan_of = [](unsigned which) {
    constexpr lane_mask all = ~lane_mask{0};
    plan p{2, 3};
    if (which != 2) p.give(0, 0, all), p.give(1, 1, all);
    if (which != 1) p.give(1, 0, all), p.give(0, 1, all);
    p.give(1, 2, 1);
    return p;
  };
  runner run{from<number>() | map<"first">([&](number const& e) { return ++first[static_cast<std::size_t>(e.n)].write(), e.n; }, stateless) |
                 map<"second">([&](std::int64_t v) { return ++second[static_cast<std::size_t>(v)].write(), v; }, stateless) | tap<"last">([&](std::int64_t v) { last.sees(v); }),
             crew, with(2, plan_of(one_of(3)))};
  name_parts(run);
  auto in = run.input();
  for (std::int64_t i = 0; i < many; ++i) {
    check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
    if (i == 0) check(run.apply(plan_of(one_of(3))) == status::ok, "and plans");
  }
  check(run.finish().done == many, "all is done");
  for (std::size_t i = 0; i < many; ++i) check(first[i].read() == 1 && second[i].read() == 1, "each event once in each pool");
  check(last.next.read() == many, "and all of them in the last");
}
enlist const here_row{"runner.pools", "a row of pools, whose workers come and go", row_of_pools};

/// What stands behind a pool on a worker of its own is driven several times in a turn; but not when one of its stages has stopped before
/// an event that the others have had.
void behind_a_pool() {
  constexpr std::int64_t many = 3;
  small_crew crew;
  somebody_is_late();
  witness before, picky;
  bool const fails = one_of(2) == 1;
  int tries = 0;
  plan p{2, 3};
  p.give(0, 0, ~lane_mask{0}), p.give(1, 0, ~lane_mask{0}), p.give(1, 1, 1), p.give(1, 2, 1);
  auto o = with(4, p);
  o.paused = true;
  runner run{from<number>() | tap<"share">([](number const&) {}, stateless) | map<"before">([&](number const& e) { return before.sees(e.n), e.n; }) |
                 tap<"picky">([&](std::int64_t v) {
                   if (v == 1 && (fails || ++tries == 1)) throw 1;
                   picky.sees(v);
                 }, idempotent, on_error(retry(1, std::chrono::nanoseconds{0}))),
             crew, o};
  name_parts(run);
  auto in = run.input();
  for (std::int64_t i = 0; i < many; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  run.start();
  auto const r = run.finish();
  check(fails ? r.error != nullptr && r.failed_at == 1 : r.ok() && r.done == many, "it stops where it failed, or all is done");
  check(picky.next.read() == (fails ? 1 : many), "and nothing is left out");
}
enlist const here_behind{"runner.behind_a_pool", "stages that a worker has beside its share of a pool, one of which does not get on", behind_a_pool};

/// What a handler keeps for the keys of its lane, as a cell: who looks at it while somebody runs it is seen.
struct counter {
  P::cell<int> count{};
  counter() = default;
  counter(counter const&) {}  // copied before the first event
  counter(counter&&) noexcept {}
  void operator()(number const&) { ++count.write(); }
};
void visited() {
  constexpr std::int64_t many = 2;
  small_crew crew;
  somebody_is_late();
  auto const plan_of = [](unsigned which) {  // stages: lanes of the keys, the stage
    constexpr lane_mask all = ~lane_mask{0}, even = all / 3;
    plan p{2, 2};
    p.give(0, 0, 1);
    if (which < 2) p.give(which, 1, all);
    else p.give(0, 1, even), p.give(1, 1, ~even);
    return p;
  };
  runner run{from<number>() | tap<"count">(counter{}, keyed_by(&number::n)), crew, with(2, plan_of(one_of(3)))};
  name_parts(run);
  P::thread visitor{[&] {
    this_is("visitor");
    std::int64_t sum = 0;
    auto const at = run.template visit<"count">([&](counter const& c) { sum += c.count.read(); });
    if (defect("a visitor who looks without a halt")) run.shared()->template with_keyed<"count">([&](auto& strand, auto) { sum += get<1>(strand.handlers()).f[0].count.read(); });
    check(at.has_value() && *at == sum, "the state behind one event");
  }};
  {
    auto in = run.input();
    for (std::int64_t i = 0; i < many; ++i) check(in.publish([&](number& e) { e.n = i; }) == status::ok, "an open runner takes events");
  }
  check(run.apply(plan_of(one_of(3))) == status::ok, "and plans");
  visitor.join();
  check(run.finish().done == many, "all is done");
}
enlist const here_visited{"runner.keyed_visit", "a look at what a keyed stage keeps, while events flow and its lanes change hands", visited};

void several() {
  std::array<P::cell<int>, 2> next{};
  small_crew crew;
  somebody_is_late();
  runner run{from<number>(many_producers) | map<"share">([](number const& e) { return e.n; }, stateless) | tap<"last">([&](std::int64_t v) {
               auto& of = next[static_cast<std::size_t>(v / 10)].write();
               check(v % 10 == of++, "each producer's order");
             }),
             crew, with(1 + one_of(2), plan_number(one_of(plans)), parks_or_looks())};
  auto const publish = [&](std::int64_t who) {
    auto in = run.input();
    for (std::int64_t i = 0; i < 2; ++i) check(in.publish([&](number& e) { e.n = who * 10 + i; }) == status::ok, "an open runner takes events");
  };
  P::thread other{[&] {
    this_is("producer 1");
    publish(1);
  }};
  publish(0);
  other.join();
  check(run.finish().done == 4 && next[0].read() == 2 && next[1].read() == 2, "all is done, each event once");
}
enlist const here_several{"runner.several", "two producers before a shared stage", several};

}  // namespace

}  // namespace millrace::model
