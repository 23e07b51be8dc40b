// SPDX-License-Identifier: MIT
// What hwloc knows of a machine, read once into plain values. hwloc's own description is kept for binding threads and memory.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/base/owned.hpp>
#include <millrace/place/processor.hpp>

struct hwloc_obj;
struct hwloc_topology;

namespace millrace {

class bitmap;

/// The processors that may be used, neighbours beside each other. Move-only; any thread may read it.
class topology {
 public:
  /// Knows no processor: whoever is placed by it stays where the system puts him.
  topology() = default;

  /// This machine, without the processors that the calling thread may not use: what its affinity mask, inherited from the
  /// process, and the cgroup leave. Load it on a thread that is not pinned itself. Knows no processor if the machine cannot be
  /// read: that is no reason not to run.
  ///
  /// Costs      reads the description from the system: about 2 ms with two processors, and more with more.
  /// Throws     std::bad_alloc.
  [[nodiscard]] static auto machine() -> topology;

  /// A machine by its description, outermost first, such as "pack:2 [numa] l3:4 core:8 pu:2": see hwloc's manual on synthetic
  /// topologies. Of its processors only `allowed`, unless that is empty.
  ///
  /// Throws     bad_place if the description cannot be understood, or none of the allowed processors is in it; std::bad_alloc.
  [[nodiscard]] static auto synthetic(std::string const& description, std::vector<int> const& allowed = {}) -> topology;

  [[nodiscard]] auto processors() const noexcept -> std::vector<processor> const& { return processors_; }
  /// The processor that the system calls `cpu`; null if it is not among those that may be used.
  [[nodiscard]] auto find(int cpu) const noexcept -> processor const* {
    for (auto const& p : processors_)
      if (p.cpu == cpu) return &p;
    return nullptr;
  }
  /// How many NUMA nodes the machine has, wherever the processors are.
  [[nodiscard]] auto nodes() const noexcept -> std::size_t;
  /// Whether threads and memory can be bound by it.
  [[nodiscard]] auto is_this_machine() const noexcept -> bool;
  /// For this folder only.
  [[nodiscard]] auto native() const noexcept -> hwloc_topology* { return handle_.get(); }

 private:
  struct release {
    void operator()(hwloc_topology* t) const noexcept;
  };
  using handle = owned<hwloc_topology, release>;

  static auto start() -> handle;

  topology(handle&& loaded, bitmap const& allowed);

  static auto describe(hwloc_obj* pu) -> processor;

  static auto speed_of(hwloc_topology* t, hwloc_obj* pu) noexcept -> int;

  handle handle_;
  std::vector<processor> processors_;
};

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/place/topology.ipp>
#endif
