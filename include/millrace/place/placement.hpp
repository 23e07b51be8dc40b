// SPDX-License-Identifier: MIT
// Where the workers of a crew run: what the user asks for, and what that comes to on a given machine.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <millrace/base/config.hpp>
#include <millrace/place/processor.hpp>
#include <millrace/place/topology.hpp>

namespace millrace {

struct place_options {
  std::vector<int> cpus{};  ///< the processors to use, by the system's numbers, worker by worker; empty: chosen near each other
  bool pin = true;          ///< false: the system places the workers and may move them; `cpus` is then checked but not used
  bool bind_memory = true;  ///< the memory of rings comes from the NUMA nodes of the workers that use it
};

/// In place of a processor: the system decides.
inline constexpr int unpinned = -1;

/// The numbers of the processors, for people: "0-3, 8".
[[nodiscard]] auto text(std::vector<processor> const& all) -> std::string;

/// The processor of each of `workers` workers, or `unpinned`.
///
/// Processors given are used in the order given, and again from the start when there are more workers: to stay on them is what
/// was asked for. Chosen ones are used once. Workers beyond them are not pinned: they share processors whatever we do, and
/// the system can put them where a pinned worker happens to sleep, while a second one pinned to the same processor would wait
/// behind the first beside idle neighbours.
///
/// Throws     bad_place if a processor given is not among `all`; std::bad_alloc.
[[nodiscard]] auto choose_cpus(std::vector<processor> const& all, std::size_t crew_size, place_options const& options)
    -> std::vector<int>;

/// The same on a machine.
[[nodiscard]] inline auto choose_cpus(topology const& machine, std::size_t workers, place_options const& options)
    -> std::vector<int> {
  return choose_cpus(machine.processors(), workers, options);
}

}  // namespace millrace

#ifndef MILLRACE_SEPARATE_COMPILATION
#include <millrace/place/placement.ipp>
#endif
