// SPDX-License-Identifier: MIT
// A thread to a processor.
#pragma once
#include <cerrno>

#include <millrace/base/config.hpp>
#include <millrace/place/binding.hpp>
#include <millrace/place/bitmap.hpp>
#include <millrace/place/placement.hpp>
#include <millrace/place/topology.hpp>

namespace millrace {

/// The calling thread runs on `cpu` only, from when this returns. Does nothing if that is `unpinned`.
///
/// Called by   any thread; of each, the last call holds. Threads it starts later inherit it.
/// Costs       an allocation and a system call.
/// Throws      std::bad_alloc.
[[nodiscard]] MILLRACE_COLD inline auto pin_this_thread(topology const& machine, int cpu) -> binding {
  if (cpu == unpinned) return binding::unneeded;
  if (machine.find(cpu) == nullptr) return binding::unknown_cpu;
  if (!machine.is_this_machine()) return binding::another_machine;  // hwloc would say yes and do nothing
  bitmap where;
  where.add(cpu);
  if (hwloc_set_cpubind(machine.native(), where.native(), HWLOC_CPUBIND_THREAD) == 0) return binding::done;
  return errno == ENOSYS ? binding::unsupported : binding::refused;
}

}  // namespace millrace
