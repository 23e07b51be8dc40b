// SPDX-License-Identifier: MIT
// Memory to the NUMA nodes of those who use it.
#pragma once
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/place/binding.hpp>
#include <millrace/place/bitmap.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/place/topology.hpp>

namespace millrace {

/// The whole pages inside of [p, p + bytes) come from the node of `cpus` when they are first touched, or in turns from their
/// nodes if these are several; from elsewhere if those are full. Pages touched before stay where they are, and so do the edges,
/// which may share a page with something else. `unpinned` among the `cpus` is passed over.
///
/// Called by   whoever allocated the memory, before it is touched. The binding stays with the addresses until they are unmapped.
/// Costs       nothing where the machine has one node; else a system call.
/// Throws      std::bad_alloc.
[[nodiscard]] MILLRACE_COLD inline auto bind_memory(topology const& machine, void* p, std::size_t bytes, std::vector<int> const& cpus)
    -> binding {
  if (machine.nodes() == 1) return binding::unneeded;
  bitmap nodes;
  for (int const cpu : cpus) {
    if (cpu == unpinned) continue;
    auto const* const at = machine.find(cpu);
    if (at == nullptr) return binding::unknown_cpu;
    nodes.add(at->node);
  }
  if (nodes.size() == 0) return binding::unneeded;
  if (!machine.is_this_machine()) return binding::another_machine;  // hwloc would say yes and do nothing

  auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  auto const address = reinterpret_cast<std::uintptr_t>(p);
  auto const first = (address + page - 1) / page * page, last = (address + bytes) / page * page;
  if (first >= last) return binding::unneeded;
  auto* const start = static_cast<char*>(p) + (first - address);
  auto const how = nodes.size() == 1 ? HWLOC_MEMBIND_BIND : HWLOC_MEMBIND_INTERLEAVE;
  auto const failed = hwloc_set_area_membind(machine.native(), start, last - first, nodes.native(), how, HWLOC_MEMBIND_BYNODESET);
  if (failed == 0) return binding::done;
  return errno == ENOSYS ? binding::unsupported : binding::refused;
}

}  // namespace millrace
