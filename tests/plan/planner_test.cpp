// SPDX-License-Identifier: MIT
#include <millrace/plan/planner.hpp>

#include <cmath>
#include <random>
#include <string>

#include "support/catch.hpp"

using namespace millrace::scheduling;
using millrace::plan;

namespace {

class dice {
 public:
  explicit dice(std::uint64_t seed) : random_{seed} {}
  auto whole(std::size_t low, std::size_t high) -> std::size_t { return std::uniform_int_distribution<std::size_t>{low, high}(random_); }
  auto log(double low, double high) -> double { return std::exp(std::uniform_real_distribution<>{std::log(low), std::log(high)}(random_)); }
  auto real(double low, double high) -> double { return std::uniform_real_distribution<>{low, high}(random_); }
  auto one_in(std::size_t n) -> bool { return whole(1, n) == 1; }

 private:
  std::mt19937_64 random_;
};

auto any_stages(dice& d, std::size_t n) -> stage_models {
  stage_models s(n);
  bool const claims = d.one_in(2);
  for (auto& q : s) {
    q.work = d.log(20, 20'000);
    q.dealt = static_cast<dealing>(d.whole(0, 3));
    q.levels = claims && q.dealt == dealing::by_place;
    if (d.one_in(4)) q.selectivity = 0.5;
    if (d.one_in(6)) q.selectivity = 2;
    if (d.one_in(4)) q.crowding = 0.1;
    if (d.one_in(5)) q.most_workers = d.whole(1, 3);
  }
  return s;
}
auto any_machine(dice& d, std::size_t workers) -> machine_model {
  machine_model m;
  m.able.assign(workers, 1.0);
  auto const size = d.whole(1, 8);
  for (std::size_t w = 0; w < workers; ++w) m.cache.push_back(static_cast<std::uint32_t>(w / size));
  return m;
}

// What a group of neighbours costs, written down once more, from the stages.
struct by_hand {
  stage_models const& s;
  machine_model const& m;

  auto rate(std::size_t first, std::size_t last, std::size_t r) const -> double {
    auto const v = visits(s);
    double work = 0, crowd = 0;
    for (std::size_t i = first; i <= last; ++i) {
      work += v[i] * s[i].work, crowd += v[i] * s[i].work * s[i].crowding;
      if (r > 1 && (!s[i].shareable() || s[i].dealt != s[first].dealt || s[i].most_workers < r)) return 0;
    }
    std::size_t smallest = m.workers();
    for (std::size_t a = 0; a < m.workers(); ++a) {
      std::size_t beside = 0;
      for (std::size_t b = 0; b < m.workers(); ++b) beside += m.cache_of(a) == m.cache_of(b) ? 1U : 0U;
      smallest = std::min(smallest, beside);
    }
    double const mix = smallest == m.workers() ? 0 : std::min(1.0, static_cast<double>(r) / static_cast<double>(smallest));
    auto const between = [mix](double near, double far) { return near + mix * (far - near); };
    double const arriving = first == 0 ? 0 : v[first - 1] * s[first - 1].selectivity;
    double x = work + arriving * between(m.near.hop, m.far.hop);
    double const of_it = s[first].levels ? 0.3 : 1;
    if (r > 1) x += crowd * static_cast<double>(r - 1) + (first == 0 ? 1 : arriving) * of_it * between(m.near.share, m.far.share);
    return 1 / (x * std::ceil(64.0 / static_cast<double>(r)) / 64);
  }
  auto fastest(std::size_t i, std::size_t workers) const -> double {
    if (i == s.size()) return unbounded;
    double best = 0;
    for (std::size_t j = i; j < s.size(); ++j)
      for (std::size_t r = 1; r <= workers; ++r) best = std::max(best, std::min(rate(i, j, r), fastest(j + 1, workers - r)));
    return best;
  }
  auto fewest(std::size_t i, std::size_t workers, double load) const -> std::size_t {
    if (i == s.size()) return 0;
    std::size_t best = 1000;
    for (std::size_t j = i; j < s.size(); ++j)
      for (std::size_t r = 1; r <= workers; ++r)
        if (rate(i, j, r) >= load) best = std::min(best, r + fewest(j + 1, workers - r, load));
    return best;
  }
};

auto list(stage_models const& s) -> std::vector<millrace::planned_stage> {
  std::vector<millrace::planned_stage> all;
  for (auto const& q : s) all.push_back({"s", q.lanes(), q.together, q.apart});
  return all;
}
/// Why the runner would refuse the plan; empty: it would not.
auto refused(stage_models const& s, plan const& p) -> std::string {
  auto const all = list(s);
  try {
    millrace::validate(p, {all.data(), all.size()}, p.workers());
  } catch (millrace::bad_plan const& e) {
    return e.what();
  }
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (degree_of(p, i) > s[i].most_workers) return "too many workers for a stage";
    if (s[i].pinned != nobody && p.lanes(s[i].pinned, i) == 0) return "a pinned stage is elsewhere";
  }
  return {};
}

}  // namespace

TEST_CASE("contiguous groups: equal to brute force, for up to 6 stages and 6 workers") {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    dice d{seed};
    auto const s = any_stages(d, d.whole(1, 6));
    auto const m = any_machine(d, d.whole(1, 6));
    auto const units = units_of(s);
    group_program const program{s, m, units};
    by_hand const hand{s, m};
    auto const want = hand.fastest(0, m.workers());
    auto const got = program.rate(program.fastest(m.workers()));
    INFO("seed " << seed << ": by hand " << want << ", planned " << got);
    REQUIRE(std::abs(got / want - 1) < 1e-3);
    auto const load = want * d.real(0.1, 1.1);
    auto const groups = program.cheapest(load, m.workers());
    auto const fewest = hand.fewest(0, m.workers(), load);
    std::size_t used = 0;
    for (auto const& g : groups) used += g.degree;
    REQUIRE((groups.empty() ? 1000 : used) == fewest);
  }
}

TEST_CASE("the price of a plan is what the program ranks groups by, where all cores share a cache") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    dice d{seed};
    auto const s = any_stages(d, d.whole(1, 6));
    machine_model m;
    m.able.assign(d.whole(1, 6), 1.0);
    auto const units = units_of(s);
    group_program const program{s, m, units};
    auto const groups = program.fastest(m.workers());
    std::vector<std::size_t> all;
    for (std::size_t w = 0; w < m.workers(); ++w) all.push_back(w);
    auto const p = laid_out(groups, units, s, m, all);
    INFO("seed " << seed);
    REQUIRE(std::abs(rate_of(s, m, p) / program.rate(groups) - 1) < 0.03);  // lanes are whole: a share of 64 / 3 is 21 or 22
  }
}

TEST_CASE("no plan is illegal or faster than the fluid, and a search for one never fails without constraints") {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    dice d{seed};
    auto const s = any_stages(d, d.whole(1, 20));
    auto const m = any_machine(d, d.whole(1, 16));
    planner const pl{s, m, m.workers()};
    auto const best = pl.best_on(m.workers());
    INFO("seed " << seed);
    REQUIRE(refused(s, best.p).empty());
    REQUIRE(best.rate > 0);
    REQUIRE(best.rate <= fluid_bound(s, static_cast<double>(m.workers())) * 1.0001);
    auto const few = pl.enough(best.rate * d.real(0.1, 0.7), 0.7);
    REQUIRE(refused(s, few.p).empty());
    REQUIRE(few.workers <= best.workers);
    auto const again = pl.renamed(few.p, best.p);
    REQUIRE(refused(s, again).empty());
    REQUIRE(std::abs(rate_of(s, m, again) / few.rate - 1) < 1e-9);
    REQUIRE(moved(s, best.p, again) <= moved(s, best.p, few.p) + static_cast<double>(s.size()));
  }
}

TEST_CASE("a worked example: two serial stages around two that may be shared") {
  stage_models const s{{.work = 1000}, {.work = 6000, .dealt = dealing::by_place}, {.work = 2000, .dealt = dealing::by_place}, {.work = 1000}};
  machine_model m;
  m.near = m.far = {100, 50};
  auto const units = units_of(s);
  auto const contiguous = [&](std::size_t cores) {
    m.able.assign(cores, 1.0);
    group_program const program{s, m, units};
    return 1e3 * program.rate(program.fastest(cores));
  };
  CHECK(std::abs(contiguous(1) - 0.1) < 1e-4);
  CHECK(std::abs(contiguous(2) - 0.142857) < 1e-4);
  CHECK(std::abs(contiguous(4) - 0.322581) < 1e-4);
  CHECK(1e3 * planner{s, m, 4}.best_on(4).rate > 0.38);  // groups that share workers: of 0.4 that no plan can exceed
  CHECK(1e3 * planner{s, m, 2}.best_on(2).rate > 0.194);
}

TEST_CASE("serial stages that are no neighbours share a worker where rows of neighbours do not fit") {
  machine_model m;
  m.able.assign(2, 1.0);
  stage_models const five{{.work = 400}, {.work = 1200}, {.work = 600}, {.work = 2000}, {.work = 800}};  // a row has 2800 at least
  CHECK(1 / planner{five, m, 2}.best_on(2).rate < 2620);
  stage_models const seven{{.work = 5}, {.work = 200}, {.work = 300}, {.work = 1200, .selectivity = 1}, {.work = 400}, {.work = 1500}, {.work = 5}};
  CHECK(1 / planner{seven, m, 2}.best_on(2).rate < 1820);  // of 1805; a row has 1905
}

TEST_CASE("stateless work is fused and shared, not split") {
  stage_models const s{{.work = 1000, .dealt = dealing::by_place}, {.work = 1100, .dealt = dealing::by_place}};
  machine_model m;
  m.able.assign(2, 1.0);
  auto const p = planner{s, m, 2}.best_on(2).p;
  CHECK(p.lanes(0, 0) == p.lanes(0, 1));
  CHECK(degree_of(p, 0) == 2);
}

TEST_CASE("cheap stages are not worth a hop") {
  stage_models const s{{.work = 2}, {.work = 2}};
  machine_model m;
  m.able.assign(2, 1.0);
  CHECK(planner{s, m, 2}.best_on(2).workers == 1);
}

TEST_CASE("when the cores are far apart, everything runs beside the producer") {
  stage_models const s{{.work = 3}, {.work = 2}};
  machine_model m;
  m.able.assign(2, 1.0), m.cache = {0, 1};
  m.producer = 0, m.produce = 2;
  auto const c = planner{s, m, 2}.best_on(2);
  CHECK(c.workers == 1);
  CHECK(c.p.employs(0));
  m.cache = {0, 0}, m.produce = 40;  // a busy producer, a core near it
  auto const busy = planner{s, m, 2}.best_on(2);
  CHECK(!busy.p.employs(0));
}

TEST_CASE("constraints hold in every plan") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    dice d{seed};
    auto s = any_stages(d, d.whole(3, 8));
    auto const a = d.whole(0, s.size() - 1), b = d.whole(0, s.size() - 1), c = d.whole(0, s.size() - 1), e = d.whole(0, s.size() - 1);
    if (a != b) s[a].together = bit(b), s[b].together = bit(a);
    if (c != a && c != b) s[c].apart = bit(a) | bit(b), s[a].apart |= bit(c), s[b].apart |= bit(c);
    auto const m = any_machine(d, d.whole(2, 8));
    if (d.one_in(2)) s[e].pinned = d.whole(0, m.workers() - 1), s[e].most_workers = 1;
    planner const pl{s, m, m.workers()};
    auto const best = pl.best_on(m.workers());
    INFO("seed " << seed << ": " << refused(s, best.p));
    REQUIRE(best.rate > 0);
    REQUIRE(refused(s, best.p).empty());
    REQUIRE(refused(s, pl.renamed(best.p, plan{m.workers(), s.size()})).empty());
  }
}

TEST_CASE("constraints that contradict each other are refused") {
  stage_models s{{.work = 1}, {.work = 1}};
  s[0].together = bit(1), s[0].apart = bit(1);
  CHECK_THROWS_AS(units_of(s), millrace::bad_plan);
  s[0].apart = 0, s[0].pinned = 0, s[1].pinned = 1;
  CHECK_THROWS_AS(units_of(s), millrace::bad_plan);
}

TEST_CASE("a hot lane bounds what sharing brings, and uneven lanes are dealt by their load") {
  stage_models s{{.work = 1000, .dealt = dealing::by_key}};
  s[0].lane_shares.assign(64, 0.5 / 63);
  s[0].lane_shares[9] = 0.5;
  machine_model m;
  m.able.assign(8, 1.0);
  auto const c = planner{s, m, 8}.best_on(8);
  CHECK(refused(s, c.p).empty());
  CHECK(c.rate < 1 / 500.0);
  CHECK(c.rate > 0.9 / (500.0 + 16));
  auto const trimmed = planner{s, m, 8}.trimmed(c);
  CHECK(trimmed.workers <= 3);  // the others would be of no use
}

TEST_CASE("workers are renamed so that little moves") {
  stage_models const s{{.work = 1000}, {.work = 900}, {.work = 800}};
  machine_model m;
  m.able.assign(3, 1.0);
  plan now{3, 3}, next{3, 3};
  now.give(2, 0, 1), now.give(0, 1, 1), now.give(0, 2, 1);
  next.give(0, 0, 1), next.give(1, 1, 1), next.give(2, 2, 1);
  auto const p = planner{s, m, 3}.renamed(next, now);
  CHECK(p.lanes(2, 0) == 1);
  CHECK(p.lanes(0, 1) == 1);
  CHECK(p.lanes(1, 2) == 1);
}

TEST_CASE("distances are taken from measured round trips") {
  machine_model m;
  m.able.assign(4, 1.0);
  auto const trip = [](std::size_t a, std::size_t b) { return a == b ? 0.0 : a / 2 == b / 2 ? 100.0 : 430.0; };
  std::vector<double> trips;
  for (std::size_t a = 0; a < 4; ++a)
    for (std::size_t b = 0; b < 4; ++b) trips.push_back(trip(a, b));
  measure_distances(m, trips, 64);
  CHECK(m.cache == std::vector<std::uint32_t>{0, 0, 1, 1});
  CHECK(m.near.hop < m.far.hop / 3);
  for (auto& t : trips) t = t > 0 ? 100 + t / 100 : 0;
  measure_distances(m, trips, 64);
  CHECK(m.caches() == 1);
}

TEST_CASE("branches: the worker where they meet pays for each that it did not run") {
  stage_models s{{.work = 1000}, {.work = 1000}, {.work = 1000}, {.work = 1000}};
  s[1].after = s[2].after = bit(0), s[3].after = bit(1) | bit(2);
  machine_model m;
  m.able.assign(4, 1.0);
  plan p{4, 4};
  for (std::size_t i = 0; i < 4; ++i) p.give(i, i, 1);
  CHECK(price(s, m, p).load[3] == 1000 + 2 * m.near.hop);
  CHECK(price(s, m, p).load[2] == 1000 + m.near.hop);
  plan fused{4, 4};
  for (std::size_t i = 0; i < 4; ++i) fused.give(0, i, 1);
  CHECK(price(s, m, fused).load[0] == 4000);
}
