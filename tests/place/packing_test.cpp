// SPDX-License-Identifier: MIT
#include <millrace/place/packing.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <millrace/place/topology.hpp>

#include "place/machines.hpp"
#include "support/catch.hpp"

using namespace millrace;

namespace {
auto chosen(topology const& t, std::size_t wanted) -> std::vector<int> { return near_each_other(t.processors(), wanted); }

/// How often two consecutive ones have no cache in common.
auto crossings(topology const& t, std::vector<int> const& cpus) -> int {
  int n = 0;
  for (std::size_t i = 1; i < cpus.size(); ++i) n += shared_cache(*t.find(cpus[i - 1]), *t.find(cpus[i])) == 0 ? 1 : 0;
  return n;
}
/// In how many places they are, if `of` names the place of one.
template <typename Of>
auto places_of(topology const& t, std::vector<int> const& cpus, Of of) -> std::size_t {
  std::set<int> s;
  for (int const cpu : cpus) s.insert(of(*t.find(cpu)));
  return s.size();
}
template <typename Which>
auto how_many(std::vector<processor> const& all, Which which) -> std::size_t {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), which));
}
auto node_of(processor const& p) -> int { return p.node; }
auto core_of(processor const& p) -> int { return p.core; }
auto l3_of(processor const& p) -> int { return p.cache[2]; }

struct machine {
  char const* description;
  std::vector<int> allowed;
};
/// Whole machines, and what odd masks leave of them.
auto machines() -> std::vector<machine> {
  using places::every;
  return {
      {places::two_sockets, {}},
      {places::two_sockets_numbered, {}},
      {places::four_nodes, {}},
      {places::flat, {}},
      {"pu:1", {}},
      {"core:2 pu:4", {}},
      {"pack:3 l3:1 core:5 pu:2", {}},
      {places::two_sockets, every(1, 128, 2)},
      {places::two_sockets, every(0, 128, 3)},
      {places::two_sockets, every(13, 77)},
      {places::two_sockets, {0, 1, 33, 34, 35, 36, 37, 127}},
      {places::two_sockets_numbered, every(60, 68)},
      {places::four_nodes, every(3, 32, 5)},
      {places::two_sockets, {99}},
  };
}
}  // namespace

TEST_CASE("whatever the machine and the mask, each processor is chosen once, one of each core first, none far without need") {
  for (auto const& [description, allowed] : machines()) {
    auto const t = topology::synthetic(description, allowed);
    auto const& all = t.processors();
    auto const cores = how_many(all, [](auto const& p) { return p.sibling == 0; });
    CAPTURE(description, allowed);
    for (std::size_t wanted = 0; wanted <= all.size() + 3; ++wanted) {
      auto const cpus = chosen(t, wanted);
      CAPTURE(wanted, cpus);
      REQUIRE(cpus.size() == std::min(wanted, all.size()));
      REQUIRE(std::set<int>(cpus.begin(), cpus.end()).size() == cpus.size());
      REQUIRE(places_of(t, cpus, core_of) == std::min(cpus.size(), cores));
      for (std::size_t i = 0; i < cpus.size(); ++i) REQUIRE((t.find(cpus[i])->sibling == 0) == (i < cores));

      // Within a round nobody comes back to a place that was left.
      for (auto const of : {node_of, l3_of}) {
        std::set<int> left;
        for (std::size_t i = 1; i < std::min(cores, cpus.size()); ++i) {
          auto const before = of(*t.find(cpus[i - 1])), now = of(*t.find(cpus[i]));
          if (before != now) left.insert(before);
          REQUIRE(left.count(now) == 0);
        }
      }
      // If some cache of level 3 has cores for all, all are on one; if some node has, all are on one.
      for (auto const of : {node_of, l3_of}) {
        std::size_t most = 0;
        for (auto const& p : all)
          most = std::max(most, how_many(all, [&](auto const& q) { return q.sibling == 0 && of(q) == of(p); }));
        if (!cpus.empty() && wanted <= most) REQUIRE(places_of(t, cpus, of) == 1);
      }
    }
  }
}

TEST_CASE("as many as a cache has cores are on one cache, and one more goes to its neighbour") {
  auto const t = topology::synthetic(places::two_sockets_numbered);
  CHECK(chosen(t, 8) == places::every(0, 8));
  CHECK(chosen(t, 9) == places::every(0, 9));
  CHECK(places_of(t, chosen(t, 8), l3_of) == 1);
  CHECK(places_of(t, chosen(t, 9), l3_of) == 2);
  CHECK(crossings(t, chosen(t, 9)) == 1);
}

TEST_CASE("a node is used up before the next, and all cores before the second thread of any") {
  auto const t = topology::synthetic(places::two_sockets_numbered);
  CHECK(chosen(t, 32) == places::every(0, 32));
  CHECK(chosen(t, 64) == places::every(0, 64));
  CHECK(chosen(t, 128) == places::every(0, 128));
  CHECK(places_of(t, chosen(t, 32), node_of) == 1);
  CHECK(places_of(t, chosen(t, 33), node_of) == 2);
}

TEST_CASE("pairs on a cache stay together") {
  auto const t = topology::synthetic(places::four_nodes);
  for (std::size_t wanted = 2; wanted <= 32; wanted += 2) {
    auto const cpus = chosen(t, wanted);
    for (std::size_t i = 0; i < wanted; i += 2) CHECK(shared_cache(*t.find(cpus[i]), *t.find(cpus[i + 1])) == 2);
  }
}

TEST_CASE("a place with room for all is preferred to the first one, and the smallest such to larger ones") {
  // One core is left of the first cache, two of the second, three of the third.
  auto const t = topology::synthetic("l3:3 core:4 pu:1", {3, 6, 7, 8, 9, 10});
  CHECK(chosen(t, 1) == std::vector{3});
  CHECK(chosen(t, 2) == std::vector{6, 7});
  CHECK(chosen(t, 3) == std::vector{8, 9, 10});
  CHECK(chosen(t, 4) == std::vector{8, 9, 10, 3});
  CHECK(chosen(t, 5) == std::vector{8, 9, 10, 6, 7});
  CHECK(chosen(t, 6) == std::vector{8, 9, 10, 6, 7, 3});
}

TEST_CASE("fast cores come before slow ones, both before second threads") {
  // Two fast cores with two threads each, and four slow ones that share a cache.
  auto all = topology::synthetic("l3:1 l2:3 core:4 pu:1").processors();
  all.erase(all.begin() + 8, all.end());
  auto const fast = [&](std::size_t i, int core, int sibling) {
    all[i].core = core;
    all[i].sibling = sibling;
    all[i].speed = 1;
  };
  fast(4, 100, 0);
  fast(5, 100, 1);
  fast(6, 101, 0);
  fast(7, 101, 1);
  CHECK(near_each_other(all, 2) == std::vector{4, 6});
  CHECK(near_each_other(all, 4) == std::vector{4, 6, 0, 1});
  CHECK(near_each_other(all, 8) == std::vector{4, 6, 0, 1, 2, 3, 5, 7});
}

TEST_CASE("parts of unequal depth are kept apart") {
  std::vector<processor> all(3);
  for (std::size_t i = 0; i < 3; ++i) all[i].cpu = all[i].core = static_cast<int>(i);
  all[0].within = {1};
  all[1].within = {1, 2};
  all[2].within = {1, 2};
  CHECK(near_each_other(all, 1) == std::vector{0});
  CHECK(near_each_other(all, 2) == std::vector{1, 2});
  CHECK(near_each_other(all, 3) == std::vector{1, 2, 0});
}

TEST_CASE("of no processors none is chosen") { CHECK(near_each_other({}, 4).empty()); }
