// SPDX-License-Identifier: MIT
// Plans on machines that nobody has: which processors the groups of a plan come to.
#include <millrace/place/caches.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/plan/planner.hpp>

#include <set>
#include <string>
#include <vector>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace::scheduling;
using millrace::plan;

namespace {

struct placed {
  millrace::topology machine;
  std::vector<int> cpus;
  machine_model model{};

  placed(char const* description, std::size_t workers) : machine{millrace::topology::synthetic(description)}, cpus{millrace::choose_cpus(machine, workers, {})} {
    model.able.assign(workers, 1.0);
    model.cache = millrace::caches_of(machine.processors(), cpus);
  }
  /// The caches that the workers of a stage use.
  auto caches(plan const& p, std::size_t stage) const -> std::set<std::uint32_t> {
    std::set<std::uint32_t> all;
    for (std::size_t w = 0; w < p.workers(); ++w)
      if (p.lanes(w, stage) != 0) all.insert(model.cache[w]);
    return all;
  }
};

}  // namespace

TEST_CASE("consecutive groups are on one cache while it has room") {
  placed const m{places::two_sockets, 64};
  stage_models const s{{.work = 1000}, {.work = 3000, .dealt = dealing::by_place}, {.work = 1000}};
  auto const c = planner{s, m.model, 64}.enough(0.0007, 0.8);
  REQUIRE(c.workers > 3);
  REQUIRE(c.workers <= 8);
  for (std::size_t i = 0; i < 3; ++i) CHECK(m.caches(c.p, i) == std::set<std::uint32_t>{0});
}

TEST_CASE("a group that would lie across two caches begins in the next one") {
  for (auto const* description : {places::two_sockets, places::four_nodes}) {
    placed const m{description, 32};
    stage_models const s{{.work = 1000, .dealt = dealing::by_place}, {.work = 1000, .dealt = dealing::by_key}};
    auto const units = units_of(s);
    std::vector<std::size_t> all;
    for (std::size_t w = 0; w < 32; ++w) all.push_back(w);
    auto const p = laid_out({{0, 0, 6}, {1, 1, 6}}, units, s, m.model, all);
    CHECK(m.caches(p, 0).size() == 1);
    CHECK(m.caches(p, 1).size() == 1);
    CHECK(m.caches(p, 0) != m.caches(p, 1));
    auto const tight = laid_out({{0, 0, 16}, {1, 1, 16}}, units, s, m.model, all);  // there is no room to be choosy
    CHECK(employed(tight) == 32);
  }
}

TEST_CASE("second siblings are used last") {
  placed const m{places::two_sockets_numbered, 128};
  stage_models const s{{.work = 10'000, .dealt = dealing::by_place}};
  auto const c = planner{s, m.model, 128}.best_on(64);
  for (std::size_t w = 0; w < 128; ++w)
    if (c.p.employs(w)) CHECK(m.cpus[w] < 64);
}

TEST_CASE("on a flat machine all are near") {
  placed const m{places::flat, 7};
  CHECK(m.model.caches() == 1);
}
