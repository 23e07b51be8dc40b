// SPDX-License-Identifier: MIT
#include <millrace/plan/decide.hpp>
#include <millrace/plan/glance.hpp>
#include <millrace/plan/replay.hpp>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "plan/bench.hpp"
#include "support/catch.hpp"

using namespace millrace::scheduling;
using millrace::plan;
using simulated_samples::bench;

TEST_CASE("a load that fits leaves everything on one worker") {
  bench b;
  CHECK(!b.run(200));
  CHECK(b.h.changes == 0);
}

TEST_CASE("a load that does not fit: one jump to the modelled plan, and rest") {
  bench b;
  b.load = 0.0002;
  auto const d = b.run(500);
  CHECK(d.why == reason::more_load);
  CHECK(d.at < 0.1);
  CHECK(d.gain > 1.5);
  CHECK(d.utilisation > 1);
  CHECK(d.cost_ns > 0);
  CHECK(b.h.changes == 1);
  CHECK(b.h.now == d.to);
  CHECK(b.load <= 0.71 * rate_of(b.truth, b.machine, b.h.now));
}

TEST_CASE("what came of a change stands in the history") {
  bench b;
  b.load = 0.0002;
  b.run(100);
  REQUIRE(b.h.decisions.size() == 1);
  CHECK(b.h.decisions[0].measured_gain > 1.5);
}

TEST_CASE("a smaller load: down only after a full window, and in one step") {
  bench b;
  b.load = 0.0003;
  b.run(100);
  auto const changes = b.h.changes;
  b.load = 0.00005;
  CHECK(!b.run(24));
  auto const d = b.run(100);
  CHECK(d.why == reason::less_load);
  CHECK(employed(d.to) == 1);
  CHECK(b.h.changes == changes + 1);
}

TEST_CASE("a way up is not taken back before a window has passed since") {
  bench b;
  b.load = 0.0003;
  REQUIRE(b.run(1).why == reason::more_load);
  auto const at = b.h.changed_at;
  b.load = 0.00008;
  auto const d = b.run(60);
  CHECK(d.why == reason::less_load);
  CHECK(d.at - at >= 0.5 - 1e-9);
}

TEST_CASE("a peak within the window keeps the plan") {
  bench b;
  b.load = 0.0003;
  b.run(100);
  auto const changes = b.h.changes;
  for (int k = 0; k < 40; ++k) b.load = 0.0003, b.run(1), b.load = 0.00005, b.run(20);
  CHECK(b.h.changes == changes);
}

TEST_CASE("a load between two plans does not flap: 100000 periods") {
  bench b;
  b.load = 0.7 / 8000 * 1.1;  // too much for one worker at 0.7, too little to go up from one
  b.run(1000);
  auto const changes = b.h.changes;
  CHECK(changes == 0);
  b.run(100'000);
  CHECK(b.h.changes == changes);
}

TEST_CASE("idle: longer and longer periods, in the end one worker; who wakes it begins a short one") {
  bench b;
  b.load = 0.0003;
  b.run(50);
  b.load = 0;
  auto const d = b.run(20);
  CHECK(d.why == reason::idle);
  CHECK(employed(b.h.now) == 1);
  CHECK(b.h.next_period == 1.0);
  woken(b.h);
  CHECK(b.h.next_period == tuning{}.glance);
}

TEST_CASE("the first plan comes within 20 ms of a load that needs it, from the beginning and out of idleness") {
  bench b;
  b.load = 0.0003;
  while (employed(b.h.now) < 2) b.run(1);
  CHECK(b.at <= 0.020);
  b.run(50);
  b.load = 0;
  b.run(200);
  REQUIRE(employed(b.h.now) == 1);
  b.load = 0.0003;
  woken(b.h);  // as who comes first does
  auto const from = b.at;
  while (employed(b.h.now) < 2) b.run(1);
  CHECK(b.at - from <= 0.020);
}

TEST_CASE("a glance ends the period when more comes than the plan carries, once, and not for what has been known") {
  bench b;
  b.run(50);
  auto const carries = b.h.carries;
  REQUIRE(carries > 0);
  auto const at = [&](double share, double depth = 0, double blocked = 0) {
    return glance{.at = b.at + 0.005, .published = share * carries * 5e6, .turned_away = 0, .blocked_ns = blocked * 5e6, .depth = depth, .capacity = 4096};
  };
  glance const was{.at = b.at, .published = 0, .turned_away = 0, .blocked_ns = 0, .depth = 0, .capacity = 4096};
  CHECK(!alarming(b.h, was, at(0.5)));
  CHECK(!alarming(b.h, was, at(0.9)));  // may be chance, in so few events
  CHECK(alarming(b.h, was, at(2)));
  CHECK(alarming(b.h, was, at(0.5, 4000)));
  CHECK(alarming(b.h, was, at(0.5, 0, 0.5)));
  auto h = b.h;
  alarmed(h, b.at + 0.005);
  CHECK(h.next_period == tuning{}.glance);
  auto later = at(2);
  later.at += 0.005, later.published *= 2;
  CHECK(!alarming(h, at(2), later));
  b.load = 0.01;
  b.run(200);
  CHECK(!alarming(b.h, was, at(2)));  // all that can be done is being done
}

TEST_CASE("a filter is known from its first events: what it keeps away is not planned for") {
  bench b;
  for (auto& s : b.truth) s.selectivity = 0.5;
  b.load = 2e-7;  // four events in a period
  b.run(10);
  CHECK(b.h.learned[0].selectivity < 0.6);
  CHECK(b.h.learned[2].selectivity < 0.8);
}

TEST_CASE("what a short burst drains from a full ring is not what the plan brought") {
  bench b;
  b.load = 0.0003;
  while (employed(b.h.now) < 2) b.run(1);
  CHECK(b.h.verified.to_drain > 4000);
  auto const runs = b.h.now;
  for (int k = 0; k < 4; ++k) {  // nothing goes out at first: the last stage has nothing yet
    auto s = b.period();
    s.producers[0] = {0, 0.99}, s.rings[0].depth = 4096;
    decide(s, b.h);
  }
  CHECK(b.h.now == runs);
  CHECK(b.h.rollbacks == 0);
}

TEST_CASE("idle costs less than two looks a second") {
  bench b;
  b.load = 0.0003;
  b.run(50);
  b.load = 0;
  auto const from = b.at;
  int looks = 0;
  for (; b.at < from + 60; ++looks) b.run(1);
  CHECK(looks < 70);
}

// A period with a lock outside: no plan is faster than everything on one worker, and no stage looks slower.
static auto locked(bench& b) -> sample {
  auto const as_if = b.h.now;
  b.h.now = planner{b.truth, b.machine, 1}.best_on(1).p;
  auto s = b.period();
  b.h.now = as_if;
  for (std::size_t w = 0; w < 4; ++w) s.workers[w].ran = b.h.now.employs(w), s.workers[w].busy_ns = 0;
  auto const p = price(b.truth, b.machine, b.h.now);
  for (std::size_t i = 0; i < 3; ++i) s.stages[i].timed_ns = s.stages[i].timed_events * (b.truth[i].work + p.surcharge[i]);
  return s;
}

TEST_CASE("a change that brings nothing is taken back, and not tried again at once") {
  bench b;
  b.load = 0.0006;
  double rate = 0;
  int back = 0, up = 0;
  for (int k = 0; k < 500; ++k) {
    auto const s = locked(b);
    rate = s.producers[0].published;
    auto const d = decide(s, b.h);
    back += d.why == reason::rolled_back ? 1 : 0;
    up += d.why == reason::more_load ? 1 : 0;
  }
  CHECK(rate > 0);
  CHECK(back >= 1);
  CHECK(up <= 6);
  CHECK(up >= back);
}

TEST_CASE("what was taken back is tried again, rarer each time, and kept once it brings what it promises") {
  bench b;
  b.load = 0.0006;
  std::vector<double> back;
  while (b.at < 200)
    if (decide(locked(b), b.h).why == reason::rolled_back) back.push_back(b.at);
  CHECK(back.size() >= 3);
  CHECK(back.size() <= 10);
  CHECK(back.back() - back[back.size() - 2] > 30);

  auto const until = b.at + 2 * b.h.bad_for;  // the lock is gone
  while (b.at < until) b.run(1);
  CHECK(employed(b.h.now) > 1);
  CHECK(rate_of(b.truth, b.machine, b.h.now) > 2 * planner{b.truth, b.machine, 1}.best_on(1).rate);
}

TEST_CASE("plans that are taken back one after the other are no new situation each: what has moved may be their doing") {
  bench b{{}, 2};
  std::uint64_t seed = 7;
  auto const chance = [&] { return static_cast<double>((seed = seed * 6364136223846793005U + 1442695040888963407U) >> 40) / (1 << 24) - 0.5; };
  stage_models alone(24, {.work = 80});
  for (auto& m : alone) m.work *= 1 + 0.8 * chance();
  b.truth = alone, b.h = begin({}, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
  b.load = 1;
  int back = 0;
  while (b.at < 20) {
    b.truth = alone;
    for (auto& m : b.truth) m.work *= 1 + 0.6 * chance();
    if (employed(b.h.now) > 1)
      for (std::size_t i = 0; i < b.truth.size(); ++i) b.truth[i].work *= 1 + static_cast<double>(i % 3) + 0.5 * chance();  // in the same lines
    back += b.run(1).why == reason::rolled_back ? 1 : 0;
  }
  CHECK(back >= 3);
  CHECK(back <= 4);  // 7, if each new time is a new situation
  CHECK(b.h.penance >= 1);
  CHECK(employed(b.h.now) == 1);
}

TEST_CASE("stages that take less than a nanosecond are not worth a hop") {
  bench b{{}, 2};
  b.truth = {{.work = 0.3}, {.work = 0.3}, {.work = 0.3}, {.work = 0.3}, {.work = 0.3}}, b.h = begin({}, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
  b.load = 10;
  b.run(500);
  CHECK(employed(b.h.now) == 1);
  CHECK(b.h.changes == 0);
}

TEST_CASE("a plan that was fixed is kept") {
  settings asked;
  asked.fixed = plan{4, 3};
  for (std::size_t i = 0; i < 3; ++i) asked.fixed.give(i, i, i == 1 ? ~millrace::lane_mask{0} : 1);
  bench b{asked};
  b.load = 0.001;
  CHECK(b.run(1).why == reason::fixed_plan);
  CHECK(!b.run(100));
  CHECK(b.h.now == asked.fixed);
}

TEST_CASE("advice is given once and not carried out") {
  settings asked;
  asked.advice_only = true;
  bench b{asked};
  b.load = 0.0003;
  auto const d = b.run(100);
  CHECK(d.advice);
  CHECK(!d);
  CHECK(d.why == reason::more_load);
  CHECK(employed(d.to) > 1);
  CHECK(employed(b.h.now) == 1);
  CHECK(b.h.decisions.size() == 1);
}

TEST_CASE("fewer cores: the plan shrinks at once; and no plan has more workers than there are cores or than allowed") {
  bench b;
  b.load = 0.0004;
  b.run(100);
  REQUIRE(employed(b.h.now) > 2);
  b.cores = 2;
  auto const d = b.run(10);
  CHECK(d.why == reason::cores_gone);
  CHECK(employed(b.h.now) == 2);
  b.run(300);
  CHECK(employed(b.h.now) == 2);
  settings asked;
  asked.most_workers = 2;
  bench capped{asked};
  capped.load = 0.001;
  capped.run(300);
  CHECK(employed(capped.h.now) == 2);
  CHECK(capped.h.rollbacks == 0);  // the gain was promised for the plan there is, not for the one that was wished
}

TEST_CASE("efficiency fills workers that throughput leaves room on; latency leaves more") {
  auto const workers = [](goal g, double latency) {
    settings asked;
    asked.wanted = g, asked.latency_ns = latency;
    bench b{asked, 8};
    b.load = 0.0004;
    b.run(500);
    return employed(b.h.now);
  };
  auto const plain = workers(goal::throughput, 0);
  CHECK(workers(goal::efficiency, 0) < plain);
  CHECK(workers(goal::latency, 8'800) > plain);
}

TEST_CASE("a core that somebody else uses is left for one that is free, and tried again later") {
  bench b{{}, 4};
  b.load = 0.00018;
  b.run(100);
  auto const taken = b.h.now.employs(0) ? 0U : 1U;
  for (int k = 0; k < 200; ++k) {
    auto s = b.period();
    if (s.workers[taken].ran) s.workers[taken].runq_ns = s.workers[taken].busy_ns + s.workers[taken].waited_ns;
    decide(s, b.h);
  }
  CHECK(!b.h.now.employs(taken));
  CHECK(b.h.cores[taken].able.mean < 0.85);
  b.run(700);
  CHECK(b.h.cores[taken].able.mean == 1);
}

TEST_CASE("a core that gives half of its time is known after a few periods, and again when it gives all") {
  bench b{{}, 2};
  auto const period = [&](double busy, double waited, double in_line) {
    sample s;
    s.at = b.at += 0.02, s.seconds = 0.02;
    s.workers.push_back({true, busy * 2e7, waited * 2e7, in_line * 2e7}), s.workers.push_back({false, 0, 2e7, 0});
    return learn_cores(b.h, s);
  };
  auto const& able = b.h.cores[0].able.mean;
  for (int k = 0; k < 100; ++k) period(k % 2 == 0 ? 0.95 : 0.99, 0.05, 0.0);
  CHECK(able > 0.98);
  period(0.3, 0, 0.7);  // a single period proves nothing
  CHECK(able > 0.95);
  period(0.98, 0.02, 0);
  int told = 0, periods = 0;
  for (; able > 0.85 && periods < 10; ++periods) told += period(periods % 2 == 0 ? 0.45 : 0.55, 0, periods % 2 == 0 ? 0.55 : 0.45);
  CHECK(told == 1);
  CHECK(periods <= 5);
  for (int k = 0; k < 10; ++k) CHECK_FALSE(period(k % 2 == 0 ? 0.45 : 0.55, 0, k % 2 == 0 ? 0.55 : 0.45));
  CHECK(able > 0.45);
  CHECK(able < 0.55);
  SECTION("who wants less than his share hardly stands in line, and has not got all of the core") {
    for (int k = 0; k < 100; ++k) period(0.4, 0.58, 0.02);
    CHECK(able < 0.55);
    SECTION("until it has not been heard of for some seconds") {
      for (int k = 0; k < 300; ++k) period(0.4, 0.58, 0.02);
      CHECK(able > 0.95);
    }
    SECTION("but no less than he got") {
      for (int k = 0; k < 50; ++k) period(0.8, 0.18, 0.02);
      CHECK(able > 0.75);
      CHECK(able < 0.85);
    }
  }
  SECTION("alone again, wanting all of it or not") {
    for (double const busy : {0.98, 0.4}) {
      auto again = b.h;
      int k = 0;
      for (; b.h.cores[0].able.mean < 0.95 && k < 20; ++k) period(busy, 1 - busy, 0);
      CHECK(k <= 8);
      b.h = again;
    }
  }
}

TEST_CASE("a change is not judged, nor taken back, if a core turns out to be others' meanwhile") {
  for (bool const taken : {false, true}) {
    bench b{{}, 2};
    b.truth = {{.work = 200}, {.work = 200}};
    b.h = begin({}, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
    b.load = 1;
    while (b.h.changes == 0) b.run(1);
    auto const split = b.h.now;
    auto const other = b.h.before.employs(0) ? 1U : 0U;
    for (int k = 0; k < 100; ++k) {  // it does no more than before
      auto s = b.period();
      if (b.h.now == split) {
        s.producers[0].published /= 2, s.producers[0].blocked = 1 - s.producers[0].published / (b.load * 2e7);
        for (auto& x : s.stages) x.events /= 2, x.passed /= 2, x.timed_events /= 2, x.timed_ns /= 2;
        for (std::size_t w = 0; w < 2; ++w) s.workers[w].busy_ns /= 2, s.workers[w].waited_ns = s.seconds * 1e9 - s.workers[w].busy_ns;
        if (taken) s.workers[other].runq_ns = std::exchange(s.workers[other].waited_ns, 0);
      }
      decide(s, b.h);
    }
    CAPTURE(describe(b.h.decisions));
    CHECK((b.h.rollbacks > 0) == !taken);
  }
}

TEST_CASE("what a stage takes is known while its worker stands in line for most of the time") {
  bench b{{}, 1};
  b.load = 0.00003;
  b.run(50);
  for (int k = 0; k < 200; ++k) {
    auto s = b.period();
    auto& w = s.workers[0];
    auto const there = 0.25;  // of the time: its batches seem to take four times as long
    for (auto& x : s.stages) x.timed_ns /= there;
    w.runq_ns = (1 - there) * s.seconds * 1e9, w.waited_ns = most(0, s.seconds * 1e9 - w.runq_ns - w.busy_ns);
    decide(s, b.h);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(b.h.learned[i].time.mean > 0.95 * b.truth[i].work);
    CHECK(b.h.learned[i].time.mean < 1.05 * b.truth[i].work);
  }
}

TEST_CASE("time blocked is not work: a slow sink behind the pipeline does not make it grow") {
  bench b;
  b.load = 0.00008;
  for (int k = 0; k < 300; ++k) {
    auto s = b.period();
    for (auto& w : s.workers)
      if (w.ran) w.waited_ns = 2e7 - w.busy_ns;  // waits for room all the time that is left
    decide(s, b.h);
  }
  CHECK(b.h.changes == 0);
}

TEST_CASE("a plan that is slower on two workers and faster on four is found") {
  bench b{{}, 4};
  b.truth = {{.work = 200, .dealt = dealing::by_place}};  // two workers pay for sharing what they win
  b.machine.near = {3, 250};
  b.h = begin({}, b.truth, b.machine, planner{b.truth, b.machine, 1}.best_on(1).p);
  b.h.machine = b.machine;
  b.load = 0.007;
  b.run(100);
  CHECK(employed(b.h.now) == 4);
}

TEST_CASE("a plan that somebody else applies is where the scheduler goes on from") {
  bench b;
  b.load = 0.0002;
  b.run(100);
  auto const fused = planner{b.truth, b.machine, 1}.best_on(1).p;
  applied(b.h, fused, b.at);
  CHECK(!b.run(3));  // it is not answered at once
  CHECK(b.h.now == fused);
  auto const d = b.run(20);
  CHECK(d.why == reason::more_load);
  CHECK(d.from == fused);
}

TEST_CASE("the same decision from text, at every step") {
  bench b;
  for (int k = 0; k < 200; ++k) {
    b.load = k < 60 ? 0.0003 : k < 120 ? 0.00004 : 0.0005;
    auto const s = b.period();
    auto const sample_text = to_text(s), history_text = to_text(b.h);
    auto const d = decide(s, b.h);
    auto again = from_text<history>(history_text);
    auto const e = decide(from_text<sample>(sample_text), again);
    REQUIRE(to_text(e) == to_text(d));
    REQUIRE(to_text(again) == to_text(b.h));
    REQUIRE(to_text(replay(sample_text, history_text)) == to_text(d));
  }
  CHECK(b.h.changes >= 2);
  CHECK(describe(b.h.decisions.back()).find("more load") != std::string::npos);
}

TEST_CASE("text that is none of ours is refused") {
  CHECK_THROWS_AS(from_text<sample>(""), millrace::bad_plan);
  CHECK_THROWS_AS(from_text<history>("0 1 2"), millrace::bad_plan);
  CHECK_THROWS_AS(from_text<sample>("0x1p+0 0x1p+0 ffffffffffff"), millrace::bad_plan);
}

TEST_CASE("who shares a stage out himself is not told to deal its lanes anew") {
  for (bool const levels : {false, true}) {
    bench b{{}, 2};
    b.truth[1].levels = levels;
    b.h.stages[1].levels = levels;
    b.load = 1;
    b.run(100);
    REQUIRE(employed(b.h.now) == 2);
    std::size_t only_lanes = 0;
    for (double const first : {2500.0, 500.0, 2500.0, 500.0}) {  // work moves between the stages beside it
      b.truth[0].work = first, b.truth[2].work = 3000 - first;
      b.run(100);
    }
    for (auto const& d : b.h.decisions) {
      bool differs = false;
      for (std::size_t w = 0; w < 2; ++w)
        for (std::size_t i = 0; i < 3; ++i) differs = differs || (d.from.lanes(w, i) != 0) != (d.to.lanes(w, i) != 0);
      only_lanes += !differs;
    }
    CHECK((only_lanes == 0) == levels);
  }
}

TEST_CASE("time off the core is not work") {
  CHECK(at_work(100, 0, 100) == 100);
  CHECK(at_work(100, 40, 100) == 60);    // in batches all the time: it stood in line in them
  CHECK(at_work(50, 40, 100) == 30);     // half of the time
  CHECK(at_work(120, 40, 100) == 80);    // measured from a sample of batches, so it may be more than there was
  CHECK(at_work(10, 1000, 100) == 0);
  CHECK(at_work(0, 40, 100) == 0);
}

TEST_CASE("a change of the plan is no new situation, however much more than all plans carry is asked for") {
  bench b;
  b.load = 1;
  b.run(200);
  REQUIRE(b.h.changes >= 1);
  CHECK(b.h.context_at <= b.h.decisions[0].at);
}

TEST_CASE("who takes a core for some milliseconds now and then, one or the other, does not send stages to and fro") {
  bench b{{}, 2};
  b.truth = {{.work = 1000}, {.work = 1150}};
  b.h = begin({}, b.truth, b.machine, b.h.now);
  b.h.now = b.h.before = planner{b.truth, b.machine, 1}.best_on(1).p;
  b.load = 1;
  b.run(100);
  REQUIRE(employed(b.h.now) == 2);
  auto const changes = b.h.changes;
  for (std::size_t k = 0; k < 1000; ++k) {
    auto s = b.period();
    auto& w = s.workers[k / 5 % 2];
    if (k % 5 == 0) w.runq_ns = 0.4 * w.busy_ns, w.busy_ns -= w.runq_ns;
    decide(s, b.h);
  }
  CHECK(b.h.changes == changes);
}

TEST_CASE("decisions for people say who has which stages, a line for each") {
  bench b{{}, 2};
  b.load = 0.0002;
  b.run(100);
  REQUIRE(b.h.decisions.size() == 1);
  auto const all = describe(b.h.decisions);
  CHECK(all == describe(b.h.decisions[0]) + "\n");
  CHECK(all.find("more load, 1 -> 2 workers") != std::string::npos);
  CHECK(all.find("; [0 1 2] -> [") != std::string::npos);
  plan p{3, 3};
  p.give(0, 0, 1), p.give(0, 2, 1), p.give(2, 1, 1);
  CHECK(describe(p) == "[0 2] [1]");
  CHECK(describe(plan{}).empty());
  std::ostringstream out;
  out << b.h.decisions[0];
  CHECK(out.str() + "\n" == all);
}
