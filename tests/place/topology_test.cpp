// SPDX-License-Identifier: MIT
#include <millrace/place/topology.hpp>

#include <hwloc.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <millrace/place/allowed.hpp>

#include "place/machines.hpp"
#include "support/affinity.hpp"
#include "support/catch.hpp"

using namespace millrace;

static_assert(std::is_nothrow_move_constructible_v<topology> && !std::is_copy_constructible_v<topology>);

namespace {
auto cpus_of(topology const& t) -> std::vector<int> {
  std::vector<int> v;
  for (auto const& p : t.processors()) v.push_back(p.cpu);
  std::sort(v.begin(), v.end());
  return v;
}
}  // namespace

TEST_CASE("a topology that was not read knows no processor and no node") {
  topology const t;
  CHECK(t.processors().empty());
  CHECK(t.find(0) == nullptr);
  CHECK(t.nodes() == 0);
  CHECK_FALSE(t.is_this_machine());
}

TEST_CASE("a described machine has the processors, cores, caches and nodes of the description") {
  auto const t = topology::synthetic(places::two_sockets);
  auto const& all = t.processors();
  REQUIRE(all.size() == 128);
  CHECK(cpus_of(t) == places::every(0, 128));
  CHECK(t.nodes() == 2);
  CHECK_FALSE(t.is_this_machine());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    auto const n = static_cast<int>(i);
    CHECK(all[i].core == n / 2);
    CHECK(all[i].sibling == n % 2);
    CHECK(all[i].node == n / 64);
    CHECK(all[i].speed == 0);
    CHECK(all[i].cache == std::array<int, 5>{n / 2, n / 2, n / 16, -1, -1});
    CHECK(t.find(all[i].cpu) == &all[i]);
  }
}

TEST_CASE("processors are known by the system's numbers, in the order of the machine") {
  auto const t = topology::synthetic(places::two_sockets_numbered);
  auto const& all = t.processors();
  REQUIRE(all.size() == 128);
  for (int n = 0; n < 64; ++n) {
    CAPTURE(n);
    auto const i = static_cast<std::size_t>(2 * n);
    CHECK(all[i].cpu == n);
    CHECK(all[i + 1].cpu == n + 64);
    CHECK(all[i].core == all[i + 1].core);
  }
}

TEST_CASE("what a processor is a part of is shared from the outside in") {
  auto const t = topology::synthetic(places::two_sockets);
  auto const in_common = [&](int a, int b) {
    auto const &x = t.find(a)->within, &y = t.find(b)->within;
    return std::mismatch(x.begin(), x.end(), y.begin(), y.end()).first - x.begin();
  };
  CHECK(in_common(0, 127) == 1);  // the machine
  CHECK(in_common(0, 63) == 2);   // and the socket
  CHECK(in_common(0, 15) == 3);   // and the cache of level 3
  CHECK(in_common(0, 1) == 6);    // and all down to the core
  CHECK(t.find(0)->within == t.find(1)->within);
}

TEST_CASE("nodes inside of a socket are told apart") {
  auto const t = topology::synthetic(places::four_nodes);
  CHECK(t.nodes() == 4);
  REQUIRE(t.processors().size() == 32);
  for (auto const& p : t.processors()) CHECK(p.node == p.cpu / 8);
}

TEST_CASE("without cores, caches or nodes in the description each processor is a core on the only node") {
  auto const t = topology::synthetic(places::flat);
  REQUIRE(t.processors().size() == 7);
  CHECK(t.nodes() == 1);
  std::set<int> cores;
  for (auto const& p : t.processors()) {
    cores.insert(p.core);
    CHECK(p.sibling == 0);
    CHECK(p.node == 0);
    CHECK(shared_cache(p, t.processors().front()) == 0);
  }
  CHECK(cores.size() == 7);
}

TEST_CASE("only allowed processors are known") {
  auto const t = topology::synthetic(places::two_sockets, {127, 3, 2, 40, 5000, -1});
  CHECK(cpus_of(t) == std::vector{2, 3, 40, 127});
  CHECK(t.find(0) == nullptr);
  CHECK(t.nodes() == 2);
}

TEST_CASE("a sibling whose first may not be used counts as the first") {
  auto const t = topology::synthetic(places::two_sockets, {1, 2, 3});
  CHECK(t.find(1)->sibling == 0);
  CHECK(t.find(2)->sibling == 0);
  CHECK(t.find(3)->sibling == 1);
}

TEST_CASE("a description that makes no sense is an error that quotes it") {
  for (char const* const bad : {"", "nonsense", "pack:2 core:8 pu:", "bad:2 pu:2", "pu:0"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(topology::synthetic(bad), bad_place);
  }
  try {
    static_cast<void>(topology::synthetic("nonsense:3"));
    FAIL("no error");
  } catch (error const& e) {
    CHECK(std::string{e.what()}.find("\"nonsense:3\"") != std::string::npos);
  }
}

TEST_CASE("a described machine of which no processor is allowed is an error") {
  CHECK_THROWS_AS(topology::synthetic(places::flat, {7, 8}), bad_place);
}

TEST_CASE("a topology that was moved from knows nothing, the other what it knew") {
  auto a = topology::synthetic(places::flat);
  auto const b = std::move(a);
  CHECK(b.processors().size() == 7);
  CHECK(b.nodes() == 1);
  a = topology{};
  CHECK(a.nodes() == 0);
}

TEST_CASE("of this machine the processors that the thread may use are known") {
  auto const t = topology::machine();
  CHECK(cpus_of(t) == allowed_cpus());
  CHECK(t.nodes() >= 1);
  CHECK(t.is_this_machine());
}

TEST_CASE("a thread with an affinity mask knows only the processors in it") {
  for (int const cpu : allowed_cpus()) {
    std::vector<int> known;
    std::thread{[&] {
      support::run_only_on(cpu);
      known = cpus_of(topology::machine());
    }}.join();
    CHECK(known == std::vector{cpu});
  }
}

TEST_CASE("reading the machine leaves the thread's affinity as it is") {
  auto const before = allowed_cpus();
  static_cast<void>(topology::machine());
  CHECK(allowed_cpus() == before);
}

TEST_CASE("a machine that does not have the thread's processors leaves none") {
  std::thread{[] {
    auto const last = allowed_cpus().back();
    if (last == 0) return;  // a machine with one processor has nothing to disagree about
    support::run_only_on(last);
    places::believed const lie{"pu:1"};
    CHECK(topology::machine().processors().empty());
  }}.join();
}

#if HWLOC_API_VERSION >= 0x00020400
TEST_CASE("cores of kinds that differ by design are told apart by speed, those that differ by chance are not") {
  auto const read = [](char const* fact) {
    auto const file = std::unique_ptr<std::FILE, decltype(&std::fclose)>{std::tmpfile(), &std::fclose};
    REQUIRE(file != nullptr);
    auto const path = "/proc/self/fd/" + std::to_string(::fileno(file.get()));
    hwloc_topology_t made = nullptr;
    REQUIRE(hwloc_topology_init(&made) == 0);
    REQUIRE(hwloc_topology_set_synthetic(made, "core:4 pu:1") == 0);
    REQUIRE(hwloc_topology_load(made) == 0);
    for (int kind = 0; kind < 2; ++kind) {
      bitmap of;
      of.add(2 * kind);
      of.add(2 * kind + 1);
      char name[32], value[32];
      std::snprintf(name, sizeof name, "%s", fact);
      std::snprintf(value, sizeof value, "%d", kind);
      hwloc_info_s info{name, value};
      REQUIRE(hwloc_cpukinds_register(made, of.native(), kind, 1, &info, 0) == 0);
    }
    REQUIRE(hwloc_topology_export_xml(made, path.c_str(), 0) == 0);
    hwloc_topology_destroy(made);
    ::setenv("HWLOC_XMLFILE", path.c_str(), 1);
    auto const t = topology::machine();
    ::unsetenv("HWLOC_XMLFILE");
    std::vector<int> speeds;
    for (auto const& p : t.processors()) speeds.push_back(p.speed);
    CHECK_FALSE(t.is_this_machine());
    return speeds;
  };
  CHECK(read("CoreType") == std::vector{0, 0, 1, 1});
  CHECK(read("LinuxCapacity") == std::vector{0, 0, 1, 1});
  CHECK(read("FrequencyMaxMHz") == std::vector{0, 0, 0, 0});
}
#endif
