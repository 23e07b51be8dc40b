// SPDX-License-Identifier: MIT
#include <millrace/plan/pace.hpp>

#include <cstddef>
#include <vector>

#include "plan/bench.hpp"
#include "support/catch.hpp"

using namespace millrace::scheduling;
using simulated_samples::bench;

namespace {

/// Five serial stages of together 5 us on two workers, more asked for than they carry, settled.
struct busy_pair : bench {
  busy_pair() : bench{{}, 2} {
    truth = {{.work = 400}, {.work = 1200}, {.work = 600}, {.work = 2000}, {.work = 800}};
    h = begin({}, truth, machine, planner{truth, machine, 1}.best_on(1).p);
    load = 0.001;
    run(500);
    changes = h.changes;
  }
  [[nodiscard]] auto off_by() const -> double {
    double most_off = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) most_off = most(most_off, most(h.learned[i].time.mean / truth[i].work, truth[i].work / h.learned[i].time.mean));
    return most_off - 1;
  }
  double changes = 0;
};

/// Whoever has the heaviest of the five.
auto worker_of(bench const& b, std::size_t stage) -> std::size_t { return b.h.now.lanes(0, stage) != 0 ? 0 : 1; }

auto const every_kind_of_visit = {std::vector<double>{3, 1}, {1, 3}, {2.5, 2.5}, {8, 5}};

}  // namespace

TEST_CASE("cores that are taken for a tenth of a second, now and then, change neither the plan nor what is known of stages") {
  for (auto const& visit : every_kind_of_visit) {
    busy_pair b;
    REQUIRE(b.changes >= 1);
    for (int visits = 0; visits < 20; ++visits) {
      b.slow = visit;
      b.run(5);
      b.slow.clear();
      b.run(20);
    }
    CHECK(b.h.changes == b.changes);
    CHECK(b.off_by() < 0.05);
  }
}

TEST_CASE("a core that stays slow is believed to be, and gets less to do; and is believed to be as fast as the other once it is") {
  busy_pair b;
  b.slow = {3, 1};
  auto const begun = b.at;
  auto const d = b.run(100);
  REQUIRE(d);
  CHECK(d.at - begun > 0.29);
  CHECK(b.h.cores[0].pace > 2.7);
  CHECK(b.off_by() < 0.1);
  auto truth = b.machine;
  truth.able[0] /= 3;
  CHECK(rate_of(b.truth, truth, b.h.now) > 0.99 * planner{b.truth, truth, 2}.best_on(2).rate);
  b.slow.clear();
  b.run(400);
  CHECK(b.h.cores[0].pace < 1.1);
  CHECK(rate_of(b.truth, b.machine, b.h.now) > 0.97 * planner{b.truth, b.machine, 2}.best_on(2).rate);
}

TEST_CASE("one stage that takes longer does so by itself, soon, the heaviest of its worker, too") {
  for (std::size_t const stage : {1UL, 3UL}) {
    busy_pair b;
    b.truth[stage].work *= 3;
    b.run(10);
    CHECK(b.off_by() < 0.05);
    for (auto const& c : b.h.cores) CHECK(c.pace == 1);
  }
}

TEST_CASE("a core that was believed to be slow, as two of its stages had become so, is not for long") {
  busy_pair b;
  auto const changed = worker_of(b, 3);
  for (std::size_t i = 0; i < b.truth.size(); ++i)
    if (b.h.now.lanes(changed, i) != 0) b.truth[i].work *= 3;
  b.run(200);
  for (auto const& c : b.h.cores) CHECK(c.pace < 1.05);
  CHECK(b.off_by() < 0.1);
  CHECK(rate_of(b.truth, b.machine, b.h.now) > 0.97 * planner{b.truth, b.machine, 2}.best_on(2).rate);
}

TEST_CASE("what all cores have in common for long is called the stages' doing") {
  busy_pair b;
  b.slow = {2, 2};
  b.run(100);
  for (auto const& c : b.h.cores) CHECK(c.pace < 1.05);
  for (std::size_t i = 0; i < b.truth.size(); ++i) CHECK(b.h.learned[i].time.mean > 1.8 * b.truth[i].work);
  CHECK(b.h.changes == b.changes);
}

TEST_CASE("a change is not judged by periods in which cores were taken") {
  bench b{{}, 2};
  b.truth = {{.work = 400}, {.work = 1200}, {.work = 600}, {.work = 2000}, {.work = 800}};
  b.h = begin({}, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
  b.run(50);
  b.load = 0.001;
  while (b.h.changes == 0) b.run(1);
  REQUIRE(b.h.verified.on);
  b.slow = {8, 8};  // together slower than one worker alone was
  b.run(10);
  CHECK(b.h.verified.on);
  b.slow.clear();
  b.run(50);
  CHECK(b.h.rollbacks == 0);
  CHECK(b.h.changes == 1);
  CHECK(b.h.decisions.back().measured_gain > 1.8);
}

TEST_CASE("a core nobody works on is forgotten to have been slow") {
  busy_pair b;
  auto const gone = worker_of(b, 3);
  b.slow.assign(2, 1), b.slow[gone] = 2;
  b.run(100);
  REQUIRE(b.h.cores[gone].pace > 1.5);
  b.h.cores[gone].paced_at = b.at;
  sample later;
  later.at = b.at + 4, later.seconds = 0.02;
  learn_pace(b.h.cores[gone], 1, false, later, b.h.asked.tuned);
  CHECK(b.h.cores[gone].pace > 1.5);
  later.at = b.at + 6;
  learn_pace(b.h.cores[gone], 1, false, later, b.h.asked.tuned);
  CHECK(b.h.cores[gone].pace == 1);
}
