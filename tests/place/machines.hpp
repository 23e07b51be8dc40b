// SPDX-License-Identifier: MIT
// Machines that nobody has at hand, as hwloc describes them, and what tests ask of any choice of processors.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include <millrace/place/topology.hpp>

namespace places {

/// Two sockets of 32 cores, four caches of level 3 each, two hardware threads per core: 128 processors, a node per socket.
inline constexpr char const* two_sockets = "pack:2 [numa] l3:4 l2:8 l1:1 core:1 pu:2";
/// The same machine with the numbers as systems give them: the second thread of core n is processor n + 64.
inline constexpr char const* two_sockets_numbered = "pack:2 [numa] l3:4 l2:8 l1:1 core:1 pu:2(indexes=2*64:64*1)";
/// A socket that is four nodes, cores in pairs on a cache of level 2, no hyper-threads.
inline constexpr char const* four_nodes = "pack:1 group:4 [numa] l3:1 l2:4 core:2 pu:1";
/// Nothing but processors.
inline constexpr char const* flat = "pu:7";

/// The numbers first, first + step, ... below `end`.
inline auto every(int first, int end, int step = 1) -> std::vector<int> {
  std::vector<int> v;
  for (int i = first; i < end; i += step) v.push_back(i);
  return v;
}

/// While it lives, hwloc takes what it is told for this machine, and tries to bind to it.
class believed {
 public:
  explicit believed(char const* description = nullptr) {
    ::setenv("HWLOC_THISSYSTEM", "1", 1);
    if (description != nullptr) ::setenv("HWLOC_SYNTHETIC", description, 1);
  }
  believed(believed const&) = delete;
  auto operator=(believed const&) -> believed& = delete;
  ~believed() {
    ::unsetenv("HWLOC_SYNTHETIC");
    ::unsetenv("HWLOC_THISSYSTEM");
  }
};

}  // namespace places
