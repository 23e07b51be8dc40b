// SPDX-License-Identifier: MIT
// Reading hwloc's description of a machine.
#pragma once
#include <hwloc.h>

#include <cstring>
#include <new>
#include <utility>

#include <millrace/base/errors.hpp>
#include <millrace/place/bitmap.hpp>

namespace millrace {

MILLRACE_COMPILED auto topology::machine() -> topology {
  auto handle = start();
  // What is not needed (instruction caches, devices) hwloc leaves out unless told otherwise. Left to itself it may move the
  // thread over all processors to ask each who it is.
#if HWLOC_API_VERSION >= 0x00020500
  hwloc_topology_set_flags(handle.get(), HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
#endif
  if (hwloc_topology_load(handle.get()) != 0) return {};
  bitmap allowed;
  if (hwloc_get_cpubind(handle.get(), allowed.native(), HWLOC_CPUBIND_THREAD) != 0) hwloc_bitmap_fill(allowed.native());
  return topology{std::move(handle), allowed};  // what the cgroup forbids is not in it from the start
}

MILLRACE_COMPILED auto topology::synthetic(std::string const& description, std::vector<int> const& allowed) -> topology {
  auto handle = start();
  if (hwloc_topology_set_synthetic(handle.get(), description.c_str()) != 0 || hwloc_topology_load(handle.get()) != 0)
    throw bad_place{"millrace: no machine can be made of the description \"" + description + "\""};
  bitmap keep;
  if (allowed.empty()) hwloc_bitmap_fill(keep.native());
  for (int const cpu : allowed)
    if (cpu >= 0) keep.add(cpu);
  topology t{std::move(handle), keep};
  if (t.processors_.empty()) throw bad_place{"millrace: none of the allowed processors is in \"" + description + "\""};
  return t;
}

MILLRACE_COMPILED auto topology::nodes() const noexcept -> std::size_t {
  auto const count = handle_ ? hwloc_get_nbobjs_by_type(handle_.get(), HWLOC_OBJ_NUMANODE) : 0;
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

MILLRACE_COMPILED auto topology::is_this_machine() const noexcept -> bool {
  return handle_ && hwloc_topology_is_thissystem(handle_.get()) == 1;
}

MILLRACE_COMPILED void topology::release::operator()(hwloc_topology* t) const noexcept { hwloc_topology_destroy(t); }

MILLRACE_COMPILED auto topology::start() -> handle {
  hwloc_topology_t made = nullptr;
  if (hwloc_topology_init(&made) != 0) throw std::bad_alloc{};
  return handle{made};
}

MILLRACE_COMPILED topology::topology(handle&& loaded, bitmap const& allowed) : handle_{std::move(loaded)} {
  auto const t = handle_.get();
  for (hwloc_obj_t pu = nullptr; (pu = hwloc_get_next_obj_by_type(t, HWLOC_OBJ_PU, pu)) != nullptr;) {
    if (!allowed.has(pu->os_index)) continue;
    auto p = describe(pu);
    p.speed = speed_of(t, pu);
    if (!processors_.empty() && processors_.back().core == p.core) p.sibling = processors_.back().sibling + 1;
    processors_.push_back(std::move(p));
  }
}

MILLRACE_COMPILED auto topology::describe(hwloc_obj* pu) -> processor {
  processor p;
  p.cpu = static_cast<int>(pu->os_index);
  p.core = static_cast<int>(pu->logical_index);  // unless it is part of one
  hwloc_obj_t memory = nullptr;
  for (auto part = pu; part != nullptr; part = part->parent) {
    if (memory == nullptr) memory = part->memory_first_child;
    if (part == pu) continue;
    p.within.push_back(part->gp_index);
    if (part->type == HWLOC_OBJ_CORE) p.core = static_cast<int>(part->logical_index);
    if (hwloc_obj_type_is_dcache(part->type) != 0) {
      auto const level = static_cast<std::size_t>(part->attr->cache.depth);
      if (level - 1 < processor::most_caches) p.cache[level - 1] = static_cast<int>(part->logical_index);
    }
  }
  for (std::size_t i = 0, j = p.within.size(); i + 1 < j;) std::swap(p.within[i++], p.within[--j]);
  while (memory != nullptr && memory->type != HWLOC_OBJ_NUMANODE) memory = memory->memory_first_child;  // a cache before it
  if (memory != nullptr) p.node = static_cast<int>(memory->os_index);
  return p;
}

// Only kinds that differ by design count. The cores of a uniform machine may differ a little in their highest frequency, and
// to follow that would scatter neighbours.
MILLRACE_COMPILED auto topology::speed_of([[maybe_unused]] hwloc_topology* t, [[maybe_unused]] hwloc_obj* pu) noexcept -> int {
#if HWLOC_API_VERSION >= 0x00020400
  auto const kind = hwloc_cpukinds_get_by_cpuset(t, pu->cpuset, 0);
  int speed = 0;
  unsigned facts = 0;
  hwloc_info_s* fact = nullptr;
  if (kind < 0 || hwloc_cpukinds_get_info(t, static_cast<unsigned>(kind), nullptr, &speed, &facts, &fact, 0) != 0) return 0;
  for (; facts != 0; --facts, ++fact)
    if (std::strcmp(fact->name, "CoreType") == 0 || std::strcmp(fact->name, "LinuxCapacity") == 0) return speed > 0 ? speed : 0;
#endif
  return 0;
}

}  // namespace millrace
