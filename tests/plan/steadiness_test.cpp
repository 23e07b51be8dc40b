// SPDX-License-Identifier: MIT
// What keeps a plan at a constant load on cores that are not.
#include <millrace/plan/decide.hpp>

#include <cmath>

#include "plan/bench.hpp"
#include "support/catch.hpp"

using namespace millrace::scheduling;
using millrace::plan;
using simulated_samples::bench;

namespace {

/// Five serial stages that two workers share nearly evenly in several ways; more is asked for than they carry.
auto full(double unsteady_gain) -> bench {
  settings asked;
  asked.tuned.unsteady_gain = unsteady_gain;
  bench b{asked, 2};
  b.truth = {{.work = 400}, {.work = 1200}, {.work = 600}, {.work = 2000}, {.work = 800}};
  b.h = begin(asked, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
  b.load = 0.001;
  return b;
}
/// So many seconds in which now one core, now the other is a fifth slower; the changes.
auto uneven(bench& b, double seconds) -> double {
  auto const before = b.h.changes;
  for (auto const end = b.at + seconds; b.at < end;) {
    auto const wave = std::sin(b.at * 6.283 / 3);
    b.slow = {1.1 + 0.1 * wave, 1.1 - 0.1 * wave};
    b.run(1);
  }
  return b.h.changes - before;
}

}  // namespace

TEST_CASE("cores that are by turns a little slower: what was gained by a change and is no more makes the next one dearer") {
  auto b = full(0.05), without = full(0);
  uneven(b, 20), uneven(without, 20);
  auto const rests = uneven(b, 120), wanders = uneven(without, 120);
  CHECK(wanders >= 20);
  CHECK(rests <= 4);

  b.slow.clear();
  b.run(100);
  b.truth[2].work *= 6;  // a change that is worth much is made at once
  auto const changes = b.h.changes, at = b.at;
  auto const d = b.run(50);
  CHECK(b.h.changes > changes);
  CHECK(d.at < at + 1);
  CHECK(degree_of(b.h.now, 2) == 1);
}

TEST_CASE("gains that last are taken one after the other: a stage that becomes slower and slower") {
  auto b = full(0.05), without = full(0);
  b.run(500), without.run(500);
  for (int k = 0; k < 2000; ++k) {
    for (auto* x : {&b, &without}) x->truth[0].work *= 1.001, x->run(1);
  }
  CHECK(b.h.unsteady.count == 0);
  CHECK(b.h.changes == without.h.changes);
}

TEST_CASE("a stage that is taken for much slower than it is does not change the plan while as much as before gets through") {
  auto b = full(0.05);
  b.run(500);
  auto const was = b.h.now;
  auto const changes = b.h.changes;
  b.h.learned[3].time.restart(3 * b.h.learned[3].time.mean, 500);  // led astray by some long events
  b.run(20);
  CHECK(b.h.changes == changes);
  CHECK(b.h.now == was);

  b.truth[3].work *= 3;  // now it is
  b.run(100);
  CHECK(b.h.changes > changes);
}

TEST_CASE("a plan that somebody else applies is no gain of ours that did not last") {
  auto b = full(0.05);
  b.run(500);
  plan lopsided{2, 5};  // all but the first stage on one of the two workers
  for (std::size_t i = 0; i < 5; ++i) lopsided.give(i == 0 ? 0 : 1, i, b.h.now.lanes(0, i) | b.h.now.lanes(1, i));
  auto const changes = b.h.changes;
  applied(b.h, lopsided, b.at);
  b.run(50);
  CHECK(b.h.changes > changes);
  CHECK(b.h.unsteady.count == 0);
}

TEST_CASE("what a core gave before somebody came to it says nothing of gains that do not last") {
  auto b = full(0.05);
  uneven(b, 20);
  CHECK(b.h.unsteady.count > 0);
  b.slow.clear();
  for (int k = 0; k < 50 && b.h.cores[1].able.mean > 0.85; ++k) {
    auto s = b.period();
    s.workers[1].runq_ns = s.workers[1].busy_ns;  // in line for half of the time
    decide(s, b.h);
  }
  CHECK(b.h.cores[1].able.mean < 0.85);
  CHECK(b.h.unsteady.count == 0);
}
