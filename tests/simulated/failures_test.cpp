// SPDX-License-Identifier: MIT
// How controllers of the field fail, each on simulated cores where it would show. What needs no simulator is in plan/decide_test.cpp.
#include <cmath>

#include "simulated/cases.hpp"
#include "simulated/score.hpp"
#include "support/catch.hpp"

using namespace simulated;

namespace {

auto on(std::size_t cores, stage_models stages, double share_of_best, double cv = 1) -> scenario {
  scenario sc;
  sc.start.stages = std::move(stages);
  sc.start.machine.able.assign(cores, 1.0);
  for (std::size_t w = 0; w < cores; ++w) sc.start.machine.cache.push_back(static_cast<std::uint32_t>(w / 8));
  sc.start.load = share_of_best * oracle_planner(sc.start).best_on(cores).rate;
  sc.cv = cv;
  return sc;
}
auto mixed() -> stage_models {
  return {{.work = 1000}, {.work = 6000, .dealt = dealing::by_place}, {.work = 2000, .dealt = dealing::by_place}, {.work = 800}};
}
auto run(scenario const& sc, std::uint64_t seed = 7) -> score { return compare(sc, run_controller(sc, seed), run_oracle(sc, seed)); }

}  // namespace

TEST_CASE("flapping: a load that lies between two plans, without and with chance") {
  for (double const cv : {0.0, 1.0, 3.0}) {
    auto sc = on(4, mixed(), 0.5, cv);
    sc.start.load = 0.72 / 9800;  // one worker is too full, two are half empty
    sc.seconds = 60;
    auto const s = run(sc);
    INFO("cv " << cv << ": " << s.per_minute << " changes a minute");
    CHECK(s.per_minute <= (cv > 1 ? 1 : 0));
  }
}

TEST_CASE("resonance: square waves with the periods of the rules themselves") {
  for (double const period : {0.02, 0.04, 0.1, 0.5, 1.0}) {
    auto sc = on(4, mixed(), 0.9);
    auto const high = sc.start.load;
    sc.change = [=](double t, world& w) { w.load = std::fmod(t, period) < period / 2 ? high : high / 4; };
    sc.seconds = 30, sc.restless = true;
    auto const s = run(sc);
    INFO("period " << period);
    CHECK(s.regret < 0.02);
    CHECK(s.per_minute <= 10);
  }
}

TEST_CASE("lack of reactivity: four times the load settles within 200 ms") {
  for (double const cv : {0.0, 1.0, 3.0}) {
    auto sc = on(4, mixed(), 0.22, cv);
    auto const low = sc.start.load;
    sc.change = [=](double t, world& w) { w.load = t < 3 ? low : 4 * low; };
    sc.edges = {3}, sc.seconds = 8;
    auto const s = run(sc);
    INFO("cv " << cv);
    CHECK(s.settled <= 0.2);
    CHECK(s.regret < 0.02);
  }
}

TEST_CASE("what fills a queue is not throughput: an empty ring of a million events") {
  auto sc = on(4, mixed(), 0.5);
  sc.capacity = 1 << 20;
  sc.seconds = 10;
  auto const s = run(sc);
  CHECK(s.changes <= 2);
  CHECK(s.cores < 1.2);
  sc.start.load *= 3;  // more than any plan carries, and for seconds nobody is blocked
  CHECK(run(sc).regret < 0.05);
}

TEST_CASE("the bottleneck is outside: a lock that all workers of the last stage share") {
  auto stages = mixed();
  stages[3] = {.work = 2000, .dealt = dealing::by_place, .crowding = 1};
  auto sc = on(8, stages, 1.2);
  sc.seconds = 20;
  auto const s = run(sc);
  CHECK(s.regret < 0.05);
  CHECK(s.per_minute < 5);
}

TEST_CASE("oversubscription: somebody takes half of half the cores away") {
  auto sc = on(4, mixed(), 0.7);
  sc.edges = {5, 15}, sc.seconds = 25;
  sc.change = [](double t, world& w) { w.machine.able[0] = w.machine.able[1] = t > 5 && t < 15 ? 0.5 : 1; };
  auto const s = run(sc);
  CHECK(s.regret < 0.02);
}

TEST_CASE("skewed keys: Zipf, and a single one") {
  for (auto const& lanes : {zipf(10'000, 0.99, 3), zipf(1, 1, 3)}) {
    stage_models stages{{.work = 300}, {.work = 5000, .dealt = dealing::by_key, .lane_shares = lanes}};
    auto sc = on(4, stages, 0.95);
    sc.seconds = 10;
    auto const s = run(sc);
    CHECK(s.regret < 0.03);
    CHECK(s.per_minute == 0);
  }
}

TEST_CASE("a cap on workers of a stage and on all is kept, and the gain is that of the plan there is") {
  auto stages = mixed();
  stages[1].most_workers = 2;
  auto sc = on(8, stages, 1.3);
  sc.asked.most_workers = 3;
  sc.seconds = 10;
  auto const t = run_controller(sc, 7);
  for (auto const& c : t.changes) {
    CHECK(degree_of(c.what.to, 1) <= 2);
    CHECK(employed(c.what.to) <= 3);
  }
  CHECK(t.end.rollbacks == 0);
  CHECK(compare(sc, t, run_oracle(sc, 7)).cores <= 1.01);
}

TEST_CASE("a decision of a whole run can be made again from text") {
  auto sc = on(4, mixed(), 0.9);
  auto const base = sc.start.stages;
  sc.change = [base](double t, world& w) { w.stages[1].work = base[1].work * (1 + 0.8 * std::sin(t)); };
  sc.seconds = 6, sc.restless = true;
  int looks = 0;
  auto const t = run_controller(sc, 7, [&](sample const& s, history const& h) {
    if (++looks % 7 != 0) return;
    auto copy = h;
    REQUIRE(to_text(decide(s, copy)) == to_text(replay(to_text(s), to_text(h))));
  });
  CHECK(t.end.changes > 0);
}
