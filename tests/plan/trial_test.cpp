// SPDX-License-Identifier: MIT
// What is blamed on the degree of a stage, and what is the stage's.
#include <millrace/plan/trial.hpp>

#include "support/catch.hpp"

using namespace millrace::scheduling;
using millrace::plan;

namespace {

/// One stage on one of four workers, which has been timed so often, at 100 ns.
auto known_by(double items) -> history {
  stage_models const stages{{.work = 100, .dealt = dealing::by_place}};
  machine_model machine;
  machine.able.assign(4, 1.0);
  plan first{4, 1};
  first.give(0, 0, ~std::uint64_t{0});
  auto h = begin({}, stages, machine, first);
  h.learned[0].time.restart(100, items);
  h.learned[0].time.seen = 100;
  return h;
}
auto shared_by(std::size_t workers) -> plan {
  plan p{4, 1};
  for (std::size_t w = 0; w < workers; ++w) p.give(w, 0, w == 0 ? ~std::uint64_t{0} << (workers - 1) : std::uint64_t{1} << (w - 1));
  return p;
}
/// The stage runs on so many workers, and takes `ns` there.
void tries(history& h, std::size_t workers, double ns, double items = 10'000) {
  auto const next = shared_by(workers);
  begin_trials(h, next, true);
  h.now = next;
  auto& t = h.learned[0].trial;
  if (t.on) t.sum += ns * items, t.items += items;
  end_trials(h);
}

}  // namespace

TEST_CASE("a step at a change of degree is blamed on the degree, and the stage's own time stays") {
  auto h = known_by(10'000);
  tries(h, 3, 160);
  CHECK(h.learned[0].crowding == Approx(0.3));  // each worker more
  CHECK(h.learned[0].time.mean == 100);
  CHECK(!h.learned[0].trial.on);
  tries(h, 2, 110);  // less than presumed
  CHECK(h.learned[0].crowding == Approx(0.1).margin(0.01));
}

TEST_CASE("what is no clear step is learned as the stage's time") {
  auto h = known_by(10'000);
  tries(h, 2, 104);
  CHECK(h.learned[0].crowding == 0);
  CHECK(h.learned[0].time.mean > 100);
  CHECK(h.learned[0].time.mean < 104);
}

TEST_CASE("nothing is tried of a stage that is hardly known, is about to move, keeps its degree, or comes to one worker") {
  auto little = known_by(16);
  begin_trials(little, shared_by(2), true);
  CHECK(!little.learned[0].trial.on);

  auto h = known_by(10'000);
  begin_trials(h, shared_by(1), true);
  CHECK(!h.learned[0].trial.on);
  begin_trials(h, shared_by(2), false);
  CHECK(!h.learned[0].trial.on);
  begin_trials(h, shared_by(2), true);
  CHECK(h.learned[0].trial.on);
  h.now = shared_by(2);
  begin_trials(h, shared_by(2), true);
  CHECK(!h.learned[0].trial.on);

  auto moving = known_by(10'000);
  moving.learned[0].time.up.likelihood = 5, moving.learned[0].time.before = 200;
  begin_trials(moving, shared_by(2), true);
  CHECK(!moving.learned[0].trial.on);
}
